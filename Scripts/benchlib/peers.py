"""What people would use instead, in temporary folders and on free ports: started on entry, gone on exit."""

import csv
import os
import pwd
import shutil
import subprocess
import time

from .bench import BenchError, free_port, wait_for_port


class Nginx:
    """nginx with one file, over TLS."""

    def __init__(self, bench, certificate, key, body):
        self.bench, self.certificate, self.key, self.body = bench, certificate, key, body

    def __enter__(self):
        program = self.bench.install("nginx", "nginx-light", "/usr/sbin")
        folder, port, log = self.bench.directory("nginx"), free_port(), self.bench.root / "nginx.log"
        (folder / "body.json").write_bytes(self.body)
        (folder / "nginx.conf").write_text(self._configuration(folder, port), encoding="utf-8")
        self.process = self.bench.spawn(
            program, "-p", folder, "-e", log, "-c", folder / "nginx.conf", "-g", "daemon off;", log=log)
        wait_for_port(port, self.process, "nginx", log, limit=20)
        self.url = f"https://127.0.0.1:{port}/body.json"
        return self

    def __exit__(self, *_):
        self.bench.stop(self.process)

    def _configuration(self, folder, port):
        # A folder of root's is not for others, and so not for nginx's own user.
        user = "user root;" if os.geteuid() == 0 else ""
        temporary = "\n".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""
{user}
worker_processes auto;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {temporary}
    sendfile on;
    open_file_cache max=10;
    keepalive_requests 100000000;
    types {{ application/json json; }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {self.certificate};
        ssl_certificate_key {self.key};
        root {folder};
    }}
}}
"""


class Postgres:
    """PostgreSQL with a table of documents that have a unique name, each commit of which is synced."""

    #: PostgreSQL does not run as root.
    USER = "postgres"

    def __init__(self, bench, size):
        self.bench, self.size = bench, size

    def __enter__(self):
        folders = "/usr/lib/postgresql/*/bin"
        initdb, server, self.psql, self.pgbench = (
            self.bench.install(program, "postgresql", folders)
            for program in ("initdb", "postgres", "psql", "pgbench"))
        folder, self.port, log = self.bench.directory("postgres"), free_port(), self.bench.root / "postgres.log"
        self.prefix = self._become(folder)
        data = folder / "data"
        self._run(initdb, "-D", data, "-U", "bench", "-A", "trust", "--no-locale", "-E", "UTF8", cwd=folder)
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "fsync": "on",
            "synchronous_commit": "on", "max_connections": 100,
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = self.bench.spawn(*self.prefix, server, "-D", data, *flags, log=log)
        wait_for_port(self.port, self.process, "postgres", log, limit=60)
        self._await()
        self._sql("CREATE SEQUENCE number; CREATE TABLE machine (name text PRIMARY KEY, document jsonb NOT NULL)")
        return self

    def __exit__(self, *_):
        self.bench.stop(self.process)

    def insert(self, clients):
        """Rows a second, inserted one by one by `clients` that wait for each."""
        script = self.bench.root / "postgres" / "insert.sql"
        head = '{"Description": "made by the bench", "Params": {"notes": "'
        notes = "n" * max(1, self.size - len(head) - 40)
        script.write_text(
            "INSERT INTO machine SELECT 'bench-' || n, ('{\"Name\": \"bench-' || n || '\", \"Description\": \"made by the bench\", "
            f"\"Params\": {{\"notes\": \"{notes}\"}}}}')::jsonb FROM nextval('number') n;\n", encoding="utf-8")
        output = self._run(
            self.pgbench, "-n", "-M", "prepared", "-c", clients, "-j", 1, "-T", max(1, round(self.bench.seconds)), "-f", script,
            "-h", "127.0.0.1", "-p", self.port, "-U", "bench", "postgres", cwd=script.parent)
        rates = [line.split("=")[1].split()[0] for line in output.splitlines() if line.startswith("tps")]
        if not rates:
            raise BenchError(f"pgbench tells no rate: {output[-500:]}")
        return float(rates[-1])

    def _become(self, folder):
        """What to put before a command so that it does not run as root."""
        if os.geteuid() != 0:
            return []
        account = pwd.getpwnam(self.USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
        os.chmod(self.bench.root, 0o711)
        return [shutil.which("setpriv"), "--reuid", self.USER, "--regid", str(account.pw_gid), "--clear-groups"]

    def _await(self):
        for _ in range(200):
            try:
                return self._sql("SELECT 1")
            except BenchError:
                time.sleep(0.1)
        raise BenchError("postgres takes no queries")

    def _sql(self, text):
        self._run(
            self.psql, "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U", "bench", "-c", text,
            "postgres", cwd="/")

    def _run(self, *command, cwd):
        command = [*self.prefix, *map(str, command)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=cwd)
        if result.returncode != 0:
            raise BenchError(f"{command[len(self.prefix)]}: {result.stderr.strip()[-500:]}")
        return result.stdout


class Redis:
    """Redis with an append-only file that is synced before each answer."""

    def __init__(self, bench):
        self.bench = bench

    def __enter__(self):
        program = self.bench.install("redis-server", "redis-server")
        self.client = self.bench.install("redis-benchmark", "redis-tools")
        folder, self.port, log = self.bench.directory("redis"), free_port(), self.bench.root / "redis.log"
        self.process = self.bench.spawn(
            program, "--port", self.port, "--bind", "127.0.0.1", "--dir", folder, "--daemonize", "no", "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", log=log)
        wait_for_port(self.port, self.process, "redis-server", log, limit=20)
        return self

    def __exit__(self, *_):
        self.bench.stop(self.process)

    def set(self, clients, size):
        """SETs a second of `size` bytes under keys of their own, by `clients` that wait for each."""
        first = self._rate(clients, size, 5000)
        return self._rate(clients, size, max(5000, round(first * self.bench.seconds)))

    def _rate(self, clients, size, count):
        result = subprocess.run(
            [
                self.client, "-h", "127.0.0.1", "-p", str(self.port), "-t", "set", "-c", str(clients), "-d", str(size),
                "-r", "1000000000000", "-n", str(count), "--csv",
            ], capture_output=True, text=True, timeout=600)
        rates = [row[1] for row in csv.reader(result.stdout.splitlines()) if row and row[0] == "SET"]
        if result.returncode != 0 or not rates:
            raise BenchError(f"redis-benchmark: {(result.stderr or result.stdout).strip()[-500:]}")
        return float(rates[-1])


def start_etcd(bench, etcd, certificate, key):
    """Starts etcd with TLS; the address of its gateway. It ends with the bench."""
    client, peer, log = free_port(), free_port(), bench.root / "etcd.log"
    url = f"https://127.0.0.1:{client}"
    process = bench.spawn(
        etcd, "--data-dir", bench.directory("etcd"), "--name", "bench", "--listen-client-urls", url,
        "--advertise-client-urls", url, "--listen-peer-urls", f"http://127.0.0.1:{peer}",
        "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}", "--initial-cluster",
        f"bench=http://127.0.0.1:{peer}", "--cert-file", certificate, "--key-file", key,
        "--quota-backend-bytes", 8 << 30, log=log)
    wait_for_port(client, process, "etcd", log, limit=60)
    time.sleep(1)
    return url + "/"
