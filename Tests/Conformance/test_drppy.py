"""dr-provision's own Python client, as published, with its classes for every type it knows here."""

import dataclasses

import drppy_client
import pytest
from drppy_client.rest import ApiException
from muster_process import PASSWORD, USER

pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


@dataclasses.dataclass(frozen=True)
class Family:
    """One type through the client: its class of calls, the singular and plural in their names, and an object."""

    api: str
    one: str
    many: str
    model: str
    key: str
    body: dict

    def call(self, client, verb, *arguments, **options):
        name = self.many if verb.startswith("list") else self.one
        return getattr(getattr(drppy_client, self.api)(client), f"{verb}_{name}")(*arguments, **options)

    def object(self):
        return getattr(drppy_client, self.model)(**self.body)

    @property
    def path_key(self):
        return self.body[self.key]


FAMILIES = [
    Family("MachinesApi", "machine", "machines", "Machine", "uuid",
           {"name": "drppy-machine", "uuid": "0d1e2f3a-0000-4000-8000-0000000000a1"}),
    Family("ProfilesApi", "profile", "profiles", "Profile", "name", {"name": "drppy-profile", "params": {"drppy": 1}}),
    Family("ParamsApi", "param", "params", "Param", "name",
           {"name": "drppy/param", "secure": False, "schema": {"type": "string", "default": "x"}}),
    Family("StagesApi", "stage", "stages", "Stage", "name",
           {"name": "drppy-stage", "boot_env": "local", "required_params": [], "templates": []}),
    Family("TasksApi", "task", "tasks", "Task", "name",
           {"name": "drppy-task", "optional_params": [], "required_params": [],
            "templates": [drppy_client.TemplateInfo(name="script", path="", contents="exit 0")]}),
    Family("WorkflowsApi", "workflow", "workflows", "Workflow", "name", {"name": "drppy-workflow", "stages": ["none"]}),
    Family("BootEnvsApi", "boot_env", "boot_envs", "BootEnv", "name",
           {"name": "drppy-env", "boot_params": "", "initrds": [], "kernel": "", "loaders": {}, "only_unknown": False,
            "required_params": [], "templates": [], "os": drppy_client.OsInfo(name="drppy")}),
    Family("TemplatesApi", "template", "templates", "Template", "id",
           {"id": "drppy.tmpl", "contents": "Hello {{ .Machine.Name }}"}),
    Family("UsersApi", "user", "users", "User", "name", {"name": "drppy-user", "roles": ["superuser"]}),
    Family("SubnetsApi", "subnet", "subnets", "Subnet", "name",
           {"name": "drppy-subnet", "subnet": "192.168.220.0/24", "active_start": "192.168.220.10",
            "active_end": "192.168.220.20", "active_lease_time": 60, "reserved_lease_time": 7200, "enabled": False,
            "next_server": "", "only_reservations": False, "proxy": False, "unmanaged": False, "options": [],
            "pickers": ["hint"], "strategy": "MAC"}),
]


@pytest.fixture(params=FAMILIES, ids=lambda each: each.many)
def family(request, server):
    yield request.param
    server.curl("DELETE", f"/{request.param.many.replace('_', '')}/{request.param.path_key}")


@pytest.fixture
def made(family, drppy):
    return family.call(drppy, "create", family.object())


def comparable(model):
    """An object as a client sees it, without what it only sometimes asks for."""
    return drppy_client.ApiClient().sanitize_for_serialization(model)


def test_create_gives_an_object_of_the_class_with_what_was_asked_for(family, made):
    assert type(made).__name__ == family.model
    assert getattr(made, family.key) == family.path_key
    assert made.validated is True and made.available is True and made.errors == []


def test_get_gives_what_create_gave(family, made, drppy):
    assert comparable(family.call(drppy, "get", family.path_key)) == comparable(made)


def test_head_finds_the_object(family, made, drppy):
    family.call(drppy, "head", family.path_key)
    with pytest.raises(ApiException) as missing:
        family.call(drppy, "head", "drppy-missing")
    assert missing.value.status == 404


def test_list_holds_the_object(family, made, drppy):
    listed = family.call(drppy, "list")
    assert comparable(made) in [comparable(each) for each in listed]
    assert len(family.call(drppy, "list", limit=1)) == 1
    assert family.call(drppy, "list", limit=0) == []


def test_filter_finds_the_object(family, made, drppy):
    api = getattr(drppy_client, family.api)(drppy)
    field = type(made).attribute_map[family.key]
    found = api.filter(field, "Eq", family.path_key)
    assert [comparable(each) for each in found] == [comparable(made)]
    assert api.filter(field, "In", "drppy-x,drppy-y" if field != "Uuid" else family.path_key[:-1] + "f") == []
    keys = [getattr(each, family.key) for each in api.filter("sort", field, "reverse")]
    assert keys == sorted(keys, reverse=True)


def test_stats_count_the_objects(family, made, drppy):
    everything = {each.name: each.count for each in family.call(drppy, "list_stats")}
    assert everything["count"] == everything["filter-count"] == everything["total-count"] >= 1
    mine = {each.name: each.count for each in family.call(drppy, "list_stats", **{family.key: family.path_key})}
    assert (mine["count"], mine["filter-count"], mine["total-count"]) == (1, 1, everything["total-count"])


def test_patch_changes_the_object(family, made, drppy):
    patch = [
        {"op": "test", "path": "/Description", "value": ""},
        {"op": "replace", "path": "/Description", "value": "patched"},
    ]
    patched = family.call(drppy, "patch", patch, family.path_key)
    assert patched.description == "patched"
    assert comparable(family.call(drppy, "get", family.path_key)) == comparable(patched)
    with pytest.raises(ApiException) as refused:
        family.call(drppy, "patch", patch, family.path_key)
    assert refused.value.status == 409


def test_put_takes_back_what_get_gave(family, made, drppy):
    made.description = "put"
    assert family.call(drppy, "put", made, family.path_key).description == "put"


def test_delete_gives_the_object_and_it_is_gone(family, made, drppy):
    assert comparable(family.call(drppy, "delete", family.path_key)) == comparable(made)
    with pytest.raises(ApiException) as missing:
        family.call(drppy, "get", family.path_key)
    assert missing.value.status == 404


def test_info_has_every_field_that_the_client_insists_on(drppy):
    info = drppy_client.InfoApi(drppy).get_info()
    assert (info.id, info.ha_id, info.address, info.manager) == ("Fred", "Fred", "127.0.0.1", False)
    assert info.version.startswith("v4.")
    assert [each.name for each in info.stats] == ["machines.count", "subnets.count", "contexts.count"]
    assert {"api-v3", "workflows", "secure-params", "sane-exit-codes"} <= set(info.features)


def test_contents_come_and_go(drppy):
    api = drppy_client.ContentsApi(drppy)
    pack = drppy_client.Content(
        meta=drppy_client.ContentMetaData(name="drppy-pack", version="v1.0.0"),
        sections={"profiles": {"drppy-packed": {"Name": "drppy-packed"}}})
    created = api.create_content(body=pack)
    assert (created.meta.name, created.counts, created.warnings) == ("drppy-pack", {"profiles": 1}, [])
    assert "drppy-pack" in [each.meta.name for each in api.list_contents()]
    assert api.get_content("drppy-pack").sections["profiles"].keys() == {"drppy-packed"}
    assert drppy_client.ProfilesApi(drppy).get_profile("drppy-packed").bundle == "drppy-pack"
    pack.meta.version = "v1.1.0"
    assert api.upload_content("drppy-pack", body=pack).meta.version == "v1.1.0"
    api.delete_content("drppy-pack")
    with pytest.raises(ApiException) as missing:
        api.get_content("drppy-pack")
    assert missing.value.status == 404


def test_params_of_a_machine_with_slashes_in_their_names(drppy, server):
    server.curl("POST", "/machines", {"Name": "drppy-params"})
    server.curl("POST", "/params", {"Name": "drppy/slashed/twice"})
    api, key = drppy_client.MachinesApi(drppy), "Name:drppy-params"
    api.post_machine_param({"deep": [1]}, key, "drppy/slashed/twice")
    assert api.get_machine_param(key, "drppy/slashed/twice") == {"deep": [1]}
    assert api.get_machine_params(key) == {"drppy/slashed/twice": {"deep": [1]}}
    assert api.post_machine_params({"drppy/other": 2}, key) == {"drppy/other": 2}
    assert api.patch_machine_params([{"op": "remove", "path": "/drppy~1other"}], key) == {}
    assert api.get_machine(key).params == {}
    server.curl("DELETE", "/machines/Name:drppy-params")
    server.curl("DELETE", "/params/drppy/slashed/twice")


def test_a_token_though_the_client_forgets_to_fill_in_the_path(drppy, server):
    token = drppy_client.UsersApi(drppy).get_user_token(USER, ttl=60)
    assert server.curl("GET", "/machines", token=token.token).status == 200
    bearer = drppy_client.Configuration()
    bearer.host, bearer.verify_ssl = drppy.configuration.host, False
    bearer.api_key, bearer.api_key_prefix = {"Authorization": token.token}, {"Authorization": "Bearer"}
    assert drppy_client.InfoApi(drppy_client.ApiClient(bearer)).get_info().id == "Fred"


def test_a_wrong_password_is_an_exception(server):
    configuration = drppy_client.Configuration()
    configuration.host, configuration.verify_ssl = server.url, False
    configuration.username, configuration.password = USER, PASSWORD + "!"
    with pytest.raises(ApiException) as refused:
        drppy_client.MachinesApi(drppy_client.ApiClient(configuration)).list_machines()
    assert refused.value.status == 401


def test_meta_prefs_indexes_objects_and_interfaces(drppy):
    assert "machines" in drppy_client.ObjectsApi(drppy).list_objects()
    assert drppy_client.PrefsApi(drppy).list_prefs()["defaultStage"] == "none"
    assert drppy_client.IndexesApi(drppy).get_index("machines")["Name"].unique is True
    assert "lo" in [each.name for each in drppy_client.InterfacesApi(drppy).list_interfaces()]
