"""Load from wrk: its scripts, its answers."""

import json
import os
import subprocess
from dataclasses import dataclass

#: Ends every script: one line that we can read. Latencies are in microseconds.
_DONE = """
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"p999":%d%s}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), extra and extra() or ""))
end
"""

#: Gives every thread a number of its own.
_THREADS = """
local threads = {}
function setup(thread)
  thread:set("thread_number", #threads)
  table.insert(threads, thread)
end
"""

#: Makes requests that differ in a few bytes. Putting each together anew would take longer than sending it.
_TEMPLATE = """
local function template(method, path, body, mark)
  local whole = wrk.format(method, path, nil, body)
  local from, to = whole:find(mark, 1, true)
  local head, tail = whole:sub(1, from - 1), whole:sub(to + 1)
  return function(text)
    assert(#text == #mark, "a request must be as long as its template")
    return head .. text .. tail
  end
end
"""

#: Creates machines of about 1 KB with names that nothing else has.
_CREATE = _TEMPLATE + """
local made, create = 0, nil
local function creation()
  made = made + 1
  local name = string.format("%s-%d-%08d", RUN, thread_number, made)
  create = create or template("POST", PATH .. "/machines", string.format(
    '{"Name":"%s","Description":"made by the bench","Params":{"notes":"%s"}}', name, NOTES), name)
  return create(name)
end
"""

#: Changes one field of one machine after the other.
_PATCH = """
local made = 0
function request()
  made = made + 1
  return wrk.format("PATCH", PATH .. "/" .. TYPE .. "/" .. KEYS[made % #KEYS + 1], nil, string.format(
    '[{"op":"replace","path":"/Description","value":"%d"}]', made))
end
"""

#: Mixes reads and writes, and times the reads. wrk does not tell which connection an answer belongs to, so every read
#: that is under way asks for a machine that no other one asks for. Needs a few machines more than there are
#: connections, since wrk makes up a request or two that it does not send.
_MIXED = """
local ffi = require("ffi")
ffi.cdef("typedef struct { long s, ns; } bench_time; int clock_gettime(int, bench_time *);")
local clock = ffi.new("bench_time")
local function now()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.s) * 1e6 + tonumber(clock.ns) / 1e3
end
local turn, free, sent = 0, {}, {}
histogram, reads, writes = {}, 0, 0
function init()
  for i = thread_number * PER_THREAD + 1, (thread_number + 1) * PER_THREAD do free[#free + 1] = KEYS[i] end
  turn = thread_number * 5
end
function request()
  turn = turn + 1
  if WRITES and turn % 10 == 0 then return creation() end
  local key = table.remove(free)
  sent[key] = now()
  return wrk.format("GET", PATH .. "/machines/" .. key)
end
function response(status, headers, body)
  if status == 201 then writes = writes + 1 return end
  local key = body:match('"Uuid":"([^"]+)"')
  local bucket = math.floor((now() - sent[key]) / 10)
  histogram[bucket] = (histogram[bucket] or 0) + 1
  reads = reads + 1
  free[#free + 1] = key
end
function extra()
  local all, count, made = {}, 0, 0
  for _, thread in ipairs(threads) do
    count, made = count + thread:get("reads"), made + thread:get("writes")
    for bucket, n in pairs(thread:get("histogram")) do all[bucket] = (all[bucket] or 0) + n end
  end
  local buckets, seen, p99 = {}, 0, 0
  for bucket in pairs(all) do buckets[#buckets + 1] = bucket end
  table.sort(buckets)
  for _, bucket in ipairs(buckets) do
    seen = seen + all[bucket]
    if seen >= 0.99 * count then p99 = bucket * 10 + 5 break end
  end
  return string.format(',"reads":%d,"writes":%d,"p99_reads":%d', count, made, p99)
end
"""

#: Puts values of VALUE's size under ascending keys through etcd's gateway, which wants both in base64: keys are digits,
#: three of which make four letters.
_ETCD = _TEMPLATE + """
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local triple = {}
for i = 0, 999 do
  local a, b, c = string.format("%03d", i):byte(1, 3)
  local n = a * 65536 + b * 256 + c
  local text = ""
  for shift = 3, 0, -1 do
    local at = math.floor(n / 64 ^ shift) % 64 + 1
    text = text .. letters:sub(at, at)
  end
  triple[i] = text
end
local made, put = 0, nil
function request()
  made = made + 1
  local key = triple[RUN] .. triple[thread_number] .. triple[math.floor(made / 1e6) % 1000]
    .. triple[math.floor(made / 1000) % 1000] .. triple[made % 1000]
  put = put or template("POST", "/v3/kv/put", '{"key":"' .. key .. '","value":"' .. VALUE .. '"}', key)
  return put(key)
end
"""


@dataclass
class Load:
    """What wrk saw."""

    requests: int
    microseconds: int
    p50: int
    p99: int
    p999: int
    extra: dict

    @property
    def rate(self):
        return self.requests * 1e6 / self.microseconds


def run_wrk(bench, url, connections, script="", headers=(), seconds=None, threads=2):
    """Runs wrk for a round's length, in as many threads as it takes to keep the server busy: the fewer, the less it disturbs.

    Raises BenchError when any answer was no success, or any connection broke: such a rate would mean nothing.
    """
    from .bench import BenchError

    path = bench.root / "load.lua"
    path.write_text(_THREADS + script + _DONE, encoding="utf-8")
    threads = min(connections, threads, os.cpu_count() or 1)
    seconds = max(1, round(seconds or bench.seconds))
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(path)]
    for header in headers:
        command += ["-H", header]
    result = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 120)
    lines = [line[7:] for line in result.stdout.splitlines() if line.startswith("RESULT ")]
    if result.returncode != 0 or not lines:
        raise BenchError(f"wrk failed on {url}: {(result.stderr or result.stdout).strip()[-500:]}")
    fields = json.loads(lines[0])
    refused, broken = fields.pop("refused"), fields.pop("broken")
    if refused or broken or not fields["requests"]:
        raise BenchError(f"{url}: {fields['requests']} answers, {refused} refusals, {broken} broken connections")
    main = [fields.pop(name) for name in ("requests", "microseconds", "p50", "p99", "p999")]
    return Load(*main, extra=fields)


def reading(bench, url, token=None, connections=64, headers=()):
    """Load that gets one URL."""
    return run_wrk(bench, url, connections, headers=[*_authorization(token), *headers])


def creating(bench, server, run, connections, seconds=None):
    """Load that creates machines of about 1 KB. `run` tells its names from those of every other load on the store."""
    script = _constants(run) + _CREATE + "\nfunction request() return creation() end\n"
    return run_wrk(bench, server.url("/"), connections, script, _headers(server.token), seconds=seconds, threads=1)


def mixing(bench, server, run, keys, writes, connections=64):
    """Load of which one request in ten creates a machine, if `writes`; the others get machines."""
    threads = min(2, os.cpu_count() or 1)
    names = ",".join(f'"{key}"' for key in keys)
    constants = (
        f"local KEYS = {{{names}}}\nlocal PER_THREAD = {len(keys) // threads}\n"
        f"local WRITES = {'true' if writes else 'false'}\n")
    script = _constants(run) + constants + _CREATE + _MIXED
    return run_wrk(bench, server.url("/"), connections, script, _headers(server.token))


def patching(bench, server, keys, seconds, connections=64, type_="machines"):
    """Load that changes objects, one after the other, without end."""
    names = ",".join(f'"{key}"' for key in keys)
    script = _constants("soak") + f'local KEYS = {{{names}}}\nlocal TYPE = "{type_}"\n' + _PATCH
    return run_wrk(bench, server.url("/"), connections, script, _headers(server.token), seconds=seconds, threads=1)


def putting(bench, url, run, value, connections, seconds=None):
    """Load that puts values into etcd."""
    script = f'local RUN = {run % 1000}\nlocal VALUE = "{value}"\n' + _ETCD
    return run_wrk(bench, url, connections, script, ["Content-Type: application/json"], seconds=seconds, threads=1)


#: Makes a machine's JSON about 1 KB.
NOTES = "n" * 290


def _constants(run):
    return f'local RUN = "{run}"\nlocal PATH = "/api/v3"\nlocal NOTES = "{NOTES}"\n'


def _authorization(token):
    return [f"Authorization: Bearer {token}"] if token else []


def _headers(token):
    return [*_authorization(token), "Content-Type: application/json"]
