// Fills tables with what Go's text/template and sprig make of each template. Needs Debian's golang-go 1.19 and
// golang-github-masterminds-sprig-dev 3.2.3:
//
//	TZ=UTC GO111MODULE=off GOPATH=/usr/share/gocode go run oracle.go language.json printing.json …
//
// The tests read the tables and need no Go.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
)

type inner struct {
	Label string
	Count int
	Flags map[string]string
}

// object has fields and methods of each type that matters; SampleObject in the tests is the same.
type object struct {
	Name   string
	Count  int
	Size   uint64
	Ratio  float64
	Ready  bool
	Tags   []string
	Meta   map[string]string
	Params map[string]interface{}
	Any    interface{}
	Inner  inner
	Items  []inner
}

func (o *object) Param(key string) (interface{}, error) {
	if value, ok := o.Params[key]; ok {
		return value, nil
	}
	return nil, errors.New("no such param: " + key)
}

func (o *object) Has(key string) bool { _, ok := o.Params[key]; return ok }

func (o *object) Join(separator string, parts ...string) string { return strings.Join(parts, separator) }

func (o *object) Sum(a int, b int64) int { return a + int(b) }

func (o *object) Half(number float64) float64 { return number / 2 }

func (o *object) Not(flag bool) bool { return !flag }

func (o *object) Size8(size uint8) uint8 { return size }

func (o *object) Show(value interface{}) interface{} { return value }

func (o *object) Keys(values map[string]interface{}) int { return len(values) }

func (o *object) Fail() (string, error) { return "", errors.New("it failed") }

func (o *object) Self() *object { return o }

// table has templates, and samples of data that many of them share. The sample "box" is an object, all others are whatever
// they are.
type table struct {
	Samples map[string]json.RawMessage `json:"samples"`
	Rows    []row                      `json:"rows"`
}

// row is a template with its data, and what comes out. A plain one knows no functions of sprig.
type row struct {
	About      string            `json:"about"`
	Template   string            `json:"template"`
	Sample     string            `json:"sample,omitempty"`
	Data       json.RawMessage   `json:"data,omitempty"`
	Others     map[string]string `json:"others,omitempty"`
	MissingKey string            `json:"missingkey,omitempty"`
	Plain      bool              `json:"plain,omitempty"`
	Out        *string           `json:"out,omitempty"`
	Error      string            `json:"error,omitempty"`
}

func functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "ago", "now"} {
		delete(all, name)
	}
	return all
}

func (t table) dot(r row) (interface{}, error) {
	data := r.Data
	if r.Sample != "" {
		data = t.Samples[r.Sample]
	}
	if r.Sample == "box" {
		value := &object{}
		return value, json.Unmarshal(data, value)
	}
	if len(data) == 0 {
		return nil, nil
	}
	var value interface{}
	err := json.Unmarshal(data, &value)
	return value, err
}

func (t table) execute(r row) (string, error) {
	dot, err := t.dot(r)
	if err != nil {
		log.Fatal(r.Template, err)
	}
	set := template.New("t")
	if !r.Plain {
		set.Funcs(functions())
	}
	if r.MissingKey != "" {
		set.Option("missingkey=" + r.MissingKey)
	}
	for name, text := range r.Others {
		if _, err := set.New(name).Parse(text); err != nil {
			return "", err
		}
	}
	if _, err := set.Parse(r.Template); err != nil {
		return "", err
	}
	out := &bytes.Buffer{}
	err = set.Execute(out, dot)
	return out.String(), err
}

func fill(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	all := table{}
	if err := json.Unmarshal(text, &all); err != nil {
		log.Fatal(path, err)
	}
	out := &bytes.Buffer{}
	out.WriteString("{\"samples\":" + encoded(all.Samples) + ",\"rows\":[\n")
	for i, r := range all.Rows {
		r.Out, r.Error = nil, ""
		if shown, err := all.execute(r); err != nil {
			r.Error = err.Error()
		} else {
			r.Out = &shown
		}
		if i > 0 {
			out.WriteString(",\n")
		}
		out.WriteString(encoded(r))
	}
	if err := os.WriteFile(path, []byte(out.String()+"\n]}\n"), 0o644); err != nil {
		log.Fatal(err)
	}
}

func encoded(value interface{}) string {
	line := &bytes.Buffer{}
	encoder := json.NewEncoder(line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(line.String())
}

func main() {
	for _, path := range os.Args[1:] {
		fill(path)
	}
}
