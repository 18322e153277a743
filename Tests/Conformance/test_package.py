"""The Debian package: installed, upgraded, removed and purged in a system of its own, and its unit checked."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
from muster_process import BINARY

PROJECT = pathlib.Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="makes a system in a folder, which takes root")


def run(*command, **options):
    """What a command prints that must succeed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=900, **options)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def mirror():
    """Where packages of this release come from, as apt's own settings say, and the release."""
    release = dict(
        line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    codename = release["VERSION_CODENAME"].strip('"')
    for line in run("apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)").splitlines():
        site, suite, component = line.split()
        if suite == codename and component == "main":
            return site, codename
    raise AssertionError("apt has no mirror of this release")


def build(output, version, product="muster"):
    """A package of the binary under test, or of another product beside it."""
    printed = run(
        "Scripts/package", "--bin", pathlib.Path(BINARY).resolve().parent, "--output", output, "--compress", "none",
        product, cwd=PROJECT, env={**os.environ, "MUSTER_PACKAGE_VERSION": version})
    return pathlib.Path(printed.strip())


class System:
    """A Debian in a folder."""

    def __init__(self, root):
        self.root = root
        site, codename = mirror()
        run("debootstrap", "--variant=minbase", "--include=adduser,init-system-helpers", codename, root, site)
        # A folder of pytest's is closed to others, and the service's user has to get in.
        root.chmod(0o755)
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        # The binary under test is not linked like a release: it takes Swift's libraries from where it was built.
        for line in run("ldd", BINARY).splitlines():
            found = re.search(r"=> (/\S*swift\S*)", line)
            if found:
                target = root / found[1].lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(found[1], target)
                shutil.copy(found[1], root / "usr/lib")

    def __call__(self, *command):
        return run("chroot", self.root, "/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", *command)

    def run_as(self, user, command):
        """A command as a user of the system, with a /proc that is gone afterwards: its exit code and all that it prints."""
        script = 'mount -t proc proc "$1/proc" && exec chroot "$1" su -s /bin/sh "$2" -c "$3"'
        done = subprocess.run(
            ["unshare", "--mount", "--fork", "--pid", "sh", "-c", script, "sh", self.root, user, command],
            capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def install(self, package):
        shutil.copy(package, self.root / "root" / package.name)
        return self("apt-get", "install", "-y", "--no-install-recommends", f"/root/{package.name}")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Two versions of the package: as it is built, and the same with a higher number."""
    output = tmp_path_factory.mktemp("packages")
    old = build(output, "1.0.0")
    new, files = output / "muster_1.0.1.deb", output / "files"
    run("dpkg-deb", "--raw-extract", old, files)
    control = files / "DEBIAN/control"
    control.write_text(control.read_text().replace("Version: 1.0.0\n", "Version: 1.0.1\n"))
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", files, new)
    return [old, new]


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    return System(tmp_path_factory.mktemp("system"))


class TestContents:
    def test_everything_is_where_users_look_for_it(self, packages):
        files = {
            line.split()[5]: line.split()[:2] for line in run("dpkg-deb", "--contents", packages[0]).splitlines()}
        for path in [
            "./usr/bin/muster", "./etc/muster/muster.yaml", "./lib/systemd/system/muster.service",
            "./usr/share/man/man1/muster.1.gz", "./usr/share/man/man1/muster-packs-lint.1.gz",
            "./usr/share/man/man7/muster-filters.7.gz", "./usr/share/bash-completion/completions/muster",
            "./usr/share/zsh/vendor-completions/_muster", "./usr/share/fish/vendor_completions.d/muster.fish",
            "./usr/share/doc/muster/copyright", "./usr/share/muster/content/._Name.meta",
        ]:
            assert path in files, path
        assert {owner for _, owner in files.values()} == {"root/root"}

    def test_libraries_are_dependencies(self, packages):
        depends = run("dpkg-deb", "--field", packages[0], "Depends")
        assert "liblmdb0" in depends and "libsodium23" in depends and "libc6" in depends

    def test_the_configuration_is_for_the_package(self, packages, tmp_path):
        run("dpkg-deb", "--extract", packages[0], tmp_path)
        text = (tmp_path / "etc/muster/muster.yaml").read_text()
        assert "\nbase-root: /var/lib/muster\n" in text and "\ndefault-content: /usr/share/muster/content\n" in text
        assert "dr-provision" not in text


class TestUnit:
    @pytest.fixture(scope="class")
    def unit(self, tmp_path_factory):
        """The unit beside a program of its name."""
        folder = tmp_path_factory.mktemp("unit")
        text = (PROJECT / "Config/package/muster/muster.service").read_text()
        path = folder / "muster.service"
        path.write_text(text.replace("/usr/bin/muster", str(pathlib.Path(BINARY).resolve())))
        return path

    def test_systemd_takes_it(self, unit):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")

    def test_it_is_hardened(self, unit):
        # 1.6 when it was written, of 10; the threshold is in tenths.
        run("systemd-analyze", "security", "--offline=yes", "--threshold=17", unit)


class TestAgent:
    @pytest.fixture(scope="class")
    def package(self, tmp_path_factory):
        return build(tmp_path_factory.mktemp("agent"), "1.0.0", "muster-agent")

    def test_everything_is_where_users_look_for_it(self, package):
        files = {line.split()[5] for line in run("dpkg-deb", "--contents", package).splitlines()}
        assert {
            "./usr/bin/muster-agent", "./lib/systemd/system/muster-agent.service", "./usr/share/man/man8/muster-agent.8.gz",
            "./usr/share/doc/muster-agent/copyright"} <= files
        assert "libc6" in run("dpkg-deb", "--field", package, "Depends")

    def test_systemd_takes_the_unit(self, tmp_path):
        text = (PROJECT / "Config/package/muster-agent/muster-agent.service").read_text()
        (tmp_path / "muster-agent.service").write_text(text.replace("/usr/bin/muster-agent", "/bin/true"))
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", tmp_path / "muster-agent.service"], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")

    def test_the_manual_is_well_formed(self):
        page = PROJECT / "Config/package/muster-agent/muster-agent.8"
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_life_of_the_package(system, packages):
    old, new = packages
    system.install(old)
    assert "muster" in (system.root / "etc/passwd").read_text()
    data = system.root / "var/lib/muster"
    secret = system.root / "etc/muster/environment"
    assert data.stat().st_mode & 0o777 == 0o700 and data.stat().st_uid != 0
    assert secret.stat().st_mode & 0o777 == 0o600
    password = secret.read_text()
    assert re.fullmatch(r"RS_INITIAL_PASSWORD=[\w-]{24}\n", password)

    # The program runs there as the service's user, and takes the package's configuration.
    code, shown = system.run_as("muster", "muster check --config /etc/muster/muster.yaml")
    assert code == 6 and "there is no store in /var/lib/muster/muster" in shown, shown
    (data / "kept").write_text("data")
    (system.root / "etc/muster/muster.yaml").write_text("base-root: /var/lib/muster\nlog-level: debug\n")

    shutil.copy(new, system.root / "root" / new.name)
    system("dpkg", "-i", "--force-confold", f"/root/{new.name}")
    assert "1.0.1" in system("dpkg-query", "-W", "-f", "${Version}", "muster")
    assert (data / "kept").read_text() == "data" and secret.read_text() == password
    assert "log-level: debug" in (system.root / "etc/muster/muster.yaml").read_text()

    system("dpkg", "--remove", "muster")
    assert not (system.root / "usr/bin/muster").exists()
    assert (data / "kept").exists() and (system.root / "etc/muster/muster.yaml").exists()

    system("dpkg", "--purge", "muster")
    assert not data.exists() and not (system.root / "etc/muster").exists()
    assert "muster" not in (system.root / "etc/passwd").read_text()

