// Fills table.json with what dr-provision's own libraries make of each text. Needs Debian's golang-go, golang-gopkg-yaml.v2-dev
// and golang-github-ghodss-yaml-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run oracle.go table.json
//
// The tests read the table and need no Go.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	"github.com/ghodss/yaml"
)

type inner struct {
	Label string
	Any   interface{}
	Flags map[string]string
}

// object has one field of each shape that matters; ObjectShape in the tests is the same.
type object struct {
	Name   string
	Meta   map[string]string
	Params map[string]interface{}
	Tasks  []string
	Ready  bool
	Count  int
	Inner  inner
	Items  []inner
}

type row struct {
	About  string           `json:"about"`
	YAML   string           `json:"yaml"`
	Object bool             `json:"object,omitempty"`
	JSON   *json.RawMessage `json:"json,omitempty"`
	Error  string           `json:"error,omitempty"`
}

func read(r row) (interface{}, error) {
	if !r.Object {
		var value interface{}
		text, err := yaml.YAMLToJSON([]byte(r.YAML))
		if err == nil {
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			err = decoder.Decode(&value)
		}
		return value, err
	}
	value := object{}
	err := yaml.Unmarshal([]byte(r.YAML), &value)
	return value, err
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	rows := []row{}
	if err := json.Unmarshal(text, &rows); err != nil {
		log.Fatal(err)
	}
	for i := range rows {
		rows[i].JSON, rows[i].Error = nil, ""
		value, err := read(rows[i])
		if err != nil {
			rows[i].Error = err.Error()
			continue
		}
		out, err := json.Marshal(value)
		if err != nil {
			rows[i].Error = err.Error()
			continue
		}
		raw := json.RawMessage(out)
		rows[i].JSON = &raw
	}
	out := &bytes.Buffer{}
	for i, r := range rows {
		line, err := json.Marshal(r)
		if err != nil {
			log.Fatal(err)
		}
		out.WriteString([]string{"[\n", ",\n"}[min(i, 1)])
		out.Write(line)
	}
	out.WriteString("\n]\n")
	if err := os.WriteFile(os.Args[1], out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
