"""Every type that clients may write, with the least that makes an object and exactly what the server then says of it.

The field sets are those of dr-provision 4.8 and nothing more: its command line client tests whole documents in its
patches, so one field too many makes them fail.
"""

import dataclasses
import re


class Invented:
    """Equals every value that matches a pattern: what the server makes up."""

    def __init__(self, pattern):
        self.pattern = pattern

    def __eq__(self, other):
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    def __repr__(self):
        return f"<{self.pattern}>"


SECRET = Invented(r"[A-Za-z0-9_-]{16}")
NO_TIME = "0001-01-01T00:00:00Z"
NO_OS = {
    "Name": "", "Family": "", "Codename": "", "Version": "", "IsoFile": "", "IsoSha256": "", "IsoUrl": "",
    "SupportedArchitectures": {},
}
NO_FINGERPRINT = {"SSNHash": "", "CSNHash": "", "CloudInstanceID": "", "SystemUUID": "", "MemoryIds": []}

UNBUNDLED = {"Validated": True, "Available": True, "Errors": [], "ReadOnly": False, "Meta": {}, "Endpoint": ""}
COMMON = {**UNBUNDLED, "Bundle": ""}
DESCRIBED = {**COMMON, "Description": "", "Documentation": ""}
WITH_PARAMS = {"Params": {}, "Partial": False}


@dataclasses.dataclass(frozen=True)
class ObjectType:
    """One type, and one object of it."""

    prefix: str
    key_field: str
    # The least that makes an object.
    body: dict
    # What the server adds to it.
    added: dict
    # The key in errors, where it is not the key field's text.
    key: str = ""
    # Whether it keeps fields that it does not know.
    is_open: bool = False

    @property
    def url(self):
        return f"/{self.prefix}/{self.body[self.key_field]}"

    @property
    def error_key(self):
        return self.key or self.body[self.key_field]

    @property
    def reply(self):
        return {**self.added, **self.body}


ALL = [
    ObjectType(
        "bootenvs", "Name", {"Name": "crud-bootenv"},
        {**DESCRIBED, "OS": NO_OS, "Templates": [], "Kernel": "", "Initrds": [], "BootParams": "", "RequiredParams": [],
         "OptionalParams": [], "OnlyUnknown": False, "Loaders": {}}),
    ObjectType(
        "catalog_items", "Id", {"Id": "crud-item"},
        {**UNBUNDLED, "Type": "catalog_items", "Name": "", "ActualVersion": "", "Version": "", "ContentType": "",
         "Source": "", "Shasum256": {}, "NOJQSource": False, "Tip": False, "HotFix": False}),
    ObjectType("contexts", "Name", {"Name": "crud-context"}, {**DESCRIBED, "Image": "", "Engine": ""}),
    ObjectType("endpoints", "Id", {"Id": "crud:endpoint"}, COMMON),
    ObjectType(
        "jobs", "Uuid", {"Uuid": "0d1e2f3a-0000-4000-8000-00000000000b", "State": "finished", "Stage": "none",
                         "Task": "crud-task"},
        {**COMMON, "Previous": "", "Machine": "", "Context": "", "ExitState": "", "StartTime": NO_TIME,
         "EndTime": NO_TIME, "Archived": False, "Current": False, "CurrentIndex": 0, "NextIndex": 0, "Workflow": "",
         "BootEnv": ""}),
    ObjectType("kk", "Id", {"Id": "crud-raw"}, {**DESCRIBED, "Type": "kk", "Params": {}}, is_open=True),
    # One that has not ended: the server writes to those that have.
    ObjectType(
        "leases", "Addr",
        {"Addr": "192.168.251.7", "Strategy": "MAC", "Token": "52:54:00:00:00:07", "State": "ACK",
         "ExpireTime": "2999-01-01T00:00:00Z"},
        {**COMMON, "NextServer": "", "Via": "", "Duration": 0, "Options": [], "ProvidedOptions": [], "SkipBoot": False},
        key="C0A8FB07"),
    ObjectType(
        "machines", "Uuid", {"Uuid": "0d1e2f3a-0000-4000-8000-00000000000a", "Name": "crud-machine"},
        {**COMMON, **WITH_PARAMS, "Description": "", "CurrentJob": "", "Address": "", "Stage": "none",
         "BootEnv": "local", "Profiles": [], "Tasks": [], "CurrentTask": 0, "RetryTaskAttempt": 0,
         "TaskErrorStacks": [], "Runnable": True, "Secret": SECRET, "OS": "", "HardwareAddrs": [], "Workflow": "",
         "Arch": "amd64", "Locked": False, "Context": "", "Fingerprint": NO_FINGERPRINT, "Pool": "default",
         "PoolAllocated": False, "PoolStatus": "Free", "WorkflowComplete": True,
         "Meta": {"feature-flags": "change-stage-v2"}}),
    ObjectType("params", "Name", {"Name": "crud/param"}, {**DESCRIBED, "Secure": False, "Schema": None}),
    ObjectType(
        "plugins", "Name", {"Name": "crud-plugin", "Provider": "crud-provider"},
        {**DESCRIBED, **WITH_PARAMS, "PluginErrors": [], "Available": False,
         "Errors": [Invented(".*crud-provider.*")]}),
    ObjectType("pools", "Id", {"Id": "crud-pool"}, COMMON),
    ObjectType("profiles", "Name", {"Name": "crud-profile"}, {**DESCRIBED, **WITH_PARAMS, "Profiles": []}),
    ObjectType(
        "reservations", "Addr", {"Addr": "192.168.251.8", "Strategy": "MAC", "Token": "52:54:00:00:00:08"},
        {**DESCRIBED, "Subnet": "", "NextServer": "", "Options": [], "Scoped": False, "Duration": 0}, key="C0A8FB08"),
    ObjectType("roles", "Name", {"Name": "crud-role"}, {**DESCRIBED, "Claims": []}),
    ObjectType(
        "stages", "Name", {"Name": "crud-stage"},
        {**DESCRIBED, **WITH_PARAMS, "Templates": [], "RequiredParams": [], "OptionalParams": [], "BootEnv": "",
         "Tasks": [], "Profiles": [], "Reboot": False, "RunnerWait": True}),
    ObjectType(
        "subnets", "Name",
        {"Name": "crud-subnet", "Subnet": "192.168.252.0/24", "ActiveStart": "192.168.252.10",
         "ActiveEnd": "192.168.252.20"},
        {**DESCRIBED, "Enabled": False, "Proxy": False, "Unmanaged": False, "NextServer": "", "ActiveLeaseTime": 60,
         "ReservedLeaseTime": 7200, "OnlyReservations": False, "Strategy": "MAC",
         "Options": [{"Code": 1, "Value": "255.255.255.0"}, {"Code": 28, "Value": "192.168.252.255"}],
         "Pickers": ["hint", "nextFree", "mostExpired"]}),
    ObjectType(
        "tasks", "Name", {"Name": "crud-task"},
        {**DESCRIBED, "Templates": [], "RequiredParams": [], "OptionalParams": [], "Prerequisites": [],
         "Meta": {"feature-flags": "sane-exit-codes"}}),
    ObjectType("templates", "ID", {"ID": "crud.tmpl", "Contents": "Hello"}, {**COMMON, "Description": ""}),
    ObjectType("tenants", "Name", {"Name": "crud-tenant"}, {**DESCRIBED, "Members": {}, "Users": []}),
    ObjectType("users", "Name", {"Name": "crud@user"}, {**COMMON, "Description": "", "Secret": SECRET, "Roles": []}),
    ObjectType(
        "version_sets", "Id", {"Id": "crud-set"},
        {**DESCRIBED, "Apply": False, "DRPVersion": "", "DRPUXVersion": "", "Components": [], "Plugins": [],
         "Prefs": {}, "Files": [], "Global": {}}),
    ObjectType("workflows", "Name", {"Name": "crud-workflow"}, {**DESCRIBED, "Stages": []}),
]
BY_PREFIX = {each.prefix: each for each in ALL}
