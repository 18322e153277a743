"""The web console at /ui: a browser with cookies, and what another site could make it do."""

import html
import http.client
import json
import re
import ssl
from urllib.parse import urlencode

import pytest


class Browser:
    """Keeps cookies, follows nothing by itself."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def send(self, method, path, form=None, headers=None):
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.port, context=context, timeout=60)
        fields = dict(headers or {})
        if self.cookies:
            fields["Cookie"] = "theme=dark; " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            fields.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body=body, headers=fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        for field in answer.headers.get_all("Set-Cookie") or []:
            name, value = field.split(";")[0].split("=", 1)
            if "Max-Age=0" in field:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers, text

    def log_in(self, user="rocketskates", password="r0cketsk8ts", **more):
        return self.send("POST", "/ui/login", {"user": user, "password": password, **more})

    @property
    def form_token(self):
        return re.search(r'name="form-token" value="([^"]+)"', self.send("GET", "/ui")[2]).group(1)


@pytest.fixture
def browser(server):
    return Browser(server)


def test_who_is_unknown_is_asked_to_log_in_and_comes_to_where_he_wanted(browser):
    status, headers, _ = browser.send("GET", "/ui/types/machines?Name=x")
    assert status == 303 and headers["Location"] == "/ui/login?next=%2Fui%2Ftypes%2Fmachines%3FName%3Dx"
    status, _, page = browser.send("GET", headers["Location"])
    assert status == 200 and 'value="/ui/types/machines?Name=x"' in page
    status, headers, _ = browser.log_in(next="/ui/types/machines?Name=x")
    assert status == 303 and headers["Location"] == "/ui/types/machines?Name=x"
    assert browser.send("GET", headers["Location"])[0] == 200


def test_the_root_leads_to_the_console(browser):
    status, headers, _ = browser.send("GET", "/")
    assert status == 307 and headers["Location"] == "/ui"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/api/v3/info", "/ui\\@evil", "/uix", ""])
def test_a_login_leads_to_no_other_place(browser, place):
    status, headers, _ = browser.log_in(next=place)
    assert status == 303 and headers["Location"] == "/ui"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser):
    _, headers, _ = browser.log_in()
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("__Host-muster=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= {part.strip() for part in cookie.split(";")}


def test_pages_run_no_scripts_and_are_kept_by_nobody(browser):
    browser.log_in()
    _, headers, page = browser.send("GET", "/ui")
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "<script" not in page
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["X-Request-Id"]


def test_a_wrong_password_is_refused_and_begins_no_session(browser):
    status, headers, page = browser.log_in(password="wrong")
    assert status == 401 and "Set-Cookie" not in headers and "do not fit together" in page
    assert browser.send("GET", "/ui")[0] == 303


def test_types_lists_and_objects_are_shown(browser, server):
    name = "console-<b>&\"'"
    made = server.curl("POST", "/profiles", {"Name": "console-profile", "Description": name}).json
    browser.log_in()
    assert '<a href="/ui/types/profiles">profiles</a>' in browser.send("GET", "/ui")[2]
    page = browser.send("GET", "/ui/types/profiles?Name=console-profile")[2]
    assert '<a href="/ui/types/profiles/console-profile">console-profile</a>' in page and "1 of " in page
    page = browser.send("GET", "/ui/types/profiles/console-profile")[2]
    assert "<b>" not in page and "console-&lt;b&gt;&amp;" in page
    assert made["Description"] in html.unescape(page).replace('\\"', '"')


def test_a_list_goes_on_page_by_page_with_its_filter(browser, server):
    for number in range(120):
        server.curl("POST", "/params", {"Name": f"console/p{number:03}", "Schema": {"type": "string"}})
    browser.log_in()
    page = browser.send("GET", "/ui/types/params?Name=Re(%5Econsole/)")[2]
    following = html.unescape(re.search(r'<a href="(\?[^"]+)">The next 100</a>', page).group(1))
    page = browser.send("GET", "/ui/types/params" + following)[2]
    assert "console/p119" in page and "console/p099<" not in page and "The next" not in page
    assert 'href="/ui/types/params/console%2Fp119"' in page
    assert browser.send("GET", "/ui/types/params/console%2Fp119")[0] == 200


@pytest.mark.parametrize("path, status", [
    ("/ui/types/nothing", 404), ("/ui/types/profiles/nothing", 404), ("/ui/nothing", 404),
    ("/ui/types/profiles?Name=Re([)", 400), ("/ui/types/profiles?offset=-1", 400),
])
def test_what_is_not_there_or_wrong_is_a_page_too(browser, path, status):
    browser.log_in()
    answer, headers, page = browser.send("GET", path)
    assert answer == status and headers["Content-Type"].startswith("text/html") and "Refused" in page


def test_an_object_is_shown_as_the_api_shows_it_and_hidden_fields_are_not(browser, server):
    browser.log_in()
    page = browser.send("GET", "/ui/types/users/rocketskates")[2]
    shown = json.loads(html.unescape(re.search(r"<pre>(.*)</pre>", page, re.DOTALL).group(1)))
    assert shown == server.curl("GET", "/users/rocketskates").json and "PasswordHash" not in page


def test_rights_are_those_of_the_api_and_of_now(browser, server):
    claims = [{"scope": "profiles", "action": "list,get", "specific": "*"}]
    server.curl("POST", "/roles", {"Name": "console-reader", "Claims": claims})
    server.curl("POST", "/users", {"Name": "console-reader", "Roles": ["console-reader"]})
    server.curl("PUT", "/users/console-reader/password", {"Password": "reading"})
    browser.log_in("console-reader", "reading")
    page = browser.send("GET", "/ui")[2]
    assert "/ui/types/profiles" in page and "/ui/types/users" not in page
    assert browser.send("GET", "/ui/types/users")[0] == 403
    assert browser.send("GET", "/ui/types/users/rocketskates")[0] == 404
    server.curl("PUT", "/users/console-reader/password", {"Password": "changed"})
    assert browser.send("GET", "/ui")[0] == 303


def test_leaving_ends_the_session(browser):
    browser.log_in()
    kept = dict(browser.cookies)
    status, headers, _ = browser.send("POST", "/ui/logout", {"form-token": browser.form_token})
    assert status == 303 and headers["Location"] == "/ui/login" and not browser.cookies
    browser.cookies = kept
    assert browser.send("GET", "/ui")[0] == 303


@pytest.mark.parametrize("form, headers", [
    ({}, {}), ({"form-token": "guessed"}, {}), (None, {"Sec-Fetch-Site": "cross-site"}),
    (None, {"Origin": "https://evil.example"}),
])
def test_another_site_cannot_use_the_session(browser, form, headers):
    browser.log_in()
    form = {"form-token": browser.form_token} if form is None else form
    assert browser.send("POST", "/ui/logout", form, headers)[0] == 403
    assert browser.send("GET", "/ui")[0] == 200


def test_another_site_cannot_log_a_browser_in(browser):
    form = {"user": "rocketskates", "password": "r0cketsk8ts"}
    status, _, _ = browser.send("POST", "/ui/login", form, {"Sec-Fetch-Site": "cross-site"})
    assert status == 403 and not browser.cookies
    origin = f"https://127.0.0.1:{browser.server.port}"
    assert browser.send("POST", "/ui/login", form, {"Origin": origin, "Sec-Fetch-Site": "same-origin"})[0] == 303


def test_forms_are_short_and_of_their_type(browser):
    assert browser.send("POST", "/ui/login", {"user": "x" * 70_000, "password": "x"})[0] == 413
    assert browser.send("POST", "/ui/login", {"user": "x"}, {"Content-Type": "application/json"})[0] == 400


def test_the_style_sheet_is_kept_and_asked_for(browser):
    status, headers, text = browser.send("GET", "/ui/assets/console.css")
    assert status == 200 and headers["Content-Type"].startswith("text/css") and "body" in text
    status, _, text = browser.send("GET", "/ui/assets/console.css", headers={"If-None-Match": headers["ETag"]})
    assert status == 304 and text == ""


def test_the_session_says_nothing_to_the_api(browser):
    browser.log_in()
    assert browser.send("GET", "/api/v3/users")[0] == 401
