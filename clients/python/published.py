"""Tests lifecycles, odd names and every class of error with the client of October 2025, mixpeek 0.81.1, unchanged."""

import json
from datetime import datetime, timedelta, timezone

import mixpeek
from mixpeek import (
    APIKeyCreateRequest,
    APIKeyUpdateRequest,
    OrganizationAPIKeysApi,
    OrganizationAuditApi,
    OrganizationsApi,
    OrganizationUsageApi,
    OrganizationUsersApi,
    ResourceScopeInput,
    exceptions,
)

import checks
from checks import check, refused
from server import Server

ADA = "ada@acme.example"
ODD_NAMES = [
    "a/b", "/", "a//b/", "100%", "%2F", "%252f", "two words", " x ", "a+b", "a?b=c#d&e", "...", "..a", ".hidden",
    "a\\b", "'; DROP TABLE keys; --", "<script>alert(1)</script>", "ключ", "鍵", "é", "e\u0301", "👩‍💻", "~", "*",
    "rotate", "api-keys", "@", "a@b", "x" * 100, "ж" * 100, "null", "0", "{key_name}", "$(id)", "a:b;c,d", "\"quoted\"",
]


class Caller:
    """The published classes with one credential, which is sent as in the vendor's own examples."""

    def __init__(self, address, secret):
        client = mixpeek.ApiClient(mixpeek.Configuration(host=address))
        self.bearer = f"Bearer {secret}"
        self._keys, self._users = OrganizationAPIKeysApi(client), OrganizationUsersApi(client)
        self.organizations, self.audit = OrganizationsApi(client), OrganizationAuditApi(client)
        self.usage = OrganizationUsageApi(client)

    def create(self, email, **members):
        request = APIKeyCreateRequest(**members)
        return self._keys.create_key_organizations_users_email(email, request, authorization=self.bearer)

    def keys(self, email, **query):
        return self._keys.list_keys_organizations_users_email(email, authorization=self.bearer, **query)

    def update(self, email, key_name, /, **members):
        request = APIKeyUpdateRequest(**members)
        return self._keys.update_key_organizations_users_email_name(email, key_name, request, authorization=self.bearer)

    def rotate(self, email, name):
        return self._keys.rotate_key_organizations_users_email_name(email, name, authorization=self.bearer)

    def revoke(self, email, name):
        return self._keys.delete_key_organizations_users_email_name(email, name, authorization=self.bearer)

    def users(self, method, *arguments, **query):
        """Calls a method and returns a dictionary, because the package has no model for some of the responses."""
        answer = getattr(self._users, method)(*arguments, authorization=self.bearer, **query)
        return answer if isinstance(answer, dict) else answer.to_dict()


def main():
    with Server() as server:
        admin = Caller(server.address, server.bootstrap("Acme", ADA)["admin_key"])
        foreign = Caller(server.address, server.bootstrap("Globex", "hank@globex.example")["admin_key"])
        lives(admin, server.address)
        full_key(admin)
        for name in ODD_NAMES:
            odd_name(admin, name)
        errors(admin, foreign, server.address)
        rate_limit(admin, server.address)
        neighbours(admin)
        check(server.log() == "", f"the server logged warnings or errors:\n{server.log()}")
    print(f"mixpeek {mixpeek.__version__}: {checks.passed} checks passed")


def lives(admin, address):
    """Creates, lists, updates, rotates and revokes a key, and checks at each step whether its secret works."""
    made = admin.create(ADA, name="deploy")
    check(made.permissions == ["read"] and made.description == "" and made.scopes == [], "the defaults of a key with only a name")
    check(made.status == "active" and made.expires_at is None and made.last_used_at is None, "a new key")
    check(len(made.key_hash) == 64 and made.key.startswith(made.key_prefix[:-3]), "hash and prefix")
    first = Caller(address, made.key)
    listed = {key["name"]: key for key in first.keys(ADA)["results"]}
    check(set(listed) == {"admin-key", "deploy"}, "a key lists the keys of its own user")
    check("key" not in listed["deploy"] and listed["deploy"]["key_id"] == made.key_id, "a list has no secrets")

    changed = admin.update(ADA, "deploy", name="deploy eu", description="ships", permissions=["read", "write"])
    check((changed.key_id, changed.name, changed.description) == (made.key_id, "deploy eu", "ships"), "update")
    check(admin.update(ADA, "deploy eu").permissions == ["read", "write"], "an empty change changes nothing")

    rotated = admin.rotate(ADA, "deploy eu")
    check(rotated.key != made.key and rotated.key_id == made.key_id, "a rotation changes only the secret")
    check(rotated.key_hash != made.key_hash and rotated.last_used_at is None, "a rotation clears the last use")
    with refused(exceptions.UnauthorizedException, 401, "UnauthorizedError"):
        first.keys(ADA)
    second = Caller(address, rotated.key)
    check(second.keys(ADA)["total"] == 2, "the new secret works at once")

    gone = admin.revoke(ADA, "deploy eu")
    check(gone.success is True and gone.message == "Successfully completed", "revoke")
    with refused(exceptions.UnauthorizedException, 401, "UnauthorizedError"):
        second.keys(ADA)
    with refused(exceptions.NotFoundException, 404, "NotFoundError"):
        admin.revoke(ADA, "deploy eu")
    check(admin.keys(ADA)["total"] == 1, "a revoked key is not listed")
    ended = [key for key in admin.keys(ADA, include_revoked=True)["results"] if key["name"] == "deploy eu"]
    check(len(ended) == 1 and ended[0]["status"] == "revoked" and ended[0]["revoked_at"], "include_revoked lists it")
    check(admin.create(ADA, name="deploy eu").key_id != made.key_id, "the name of a revoked key is free again")
    by_patch = admin.update(ADA, "deploy eu", status="revoked")
    check(by_patch.status == "revoked" and by_patch.revoked_by is not None, "a change of status revokes")


def full_key(admin):
    """Sets every member of a key, with dates with and without an offset."""
    end = datetime.now() + timedelta(days=30)
    scope = ResourceScopeInput(resource_type="bucket", resource_id="prod-*", operations=["read_data", "write_data"])
    made = admin.create(
        ADA, name="full", description="d" * 500, permissions=["admin", "read"], scopes=[scope], rate_limit_override=7,
        expires_at=end,
    )
    check(made.expires_at == end.replace(tzinfo=timezone.utc), "a date without an offset is UTC")
    check(made.permissions == ["read", "admin"] and made.rate_limit_override == 7, "every member is stored")
    check(made.scopes[0].to_dict() == scope.to_dict(), "scopes are returned as they were sent")
    aware = datetime(2099, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    check(admin.update(ADA, "full", expires_at=aware).expires_at == aware, "a date with an offset is the same moment")
    check(admin.update(ADA, "full", scopes=[]).scopes == [], "an empty list lifts the restriction")
    admin.revoke(ADA, "full")


def odd_name(admin, name):
    """Checks that a path with any name reaches the key of that name and no other."""
    made = admin.create(ADA, name=name)
    check(made.name == name, f"{name!r} is kept as it is")
    check(admin.update(ADA, name, description="found").key_id == made.key_id, f"{name!r} is found")
    check(admin.rotate(ADA, name).key_id == made.key_id, f"{name!r} is rotated")
    check([key["name"] for key in admin.keys(ADA)["results"]] == [name, "admin-key"], f"{name!r} is listed")
    admin.revoke(ADA, name)
    check(admin.keys(ADA)["total"] == 1, f"only {name!r} is revoked")


def errors(admin, foreign, address):
    """Checks the exception and the parsed body of every class of error."""
    for wrong in ["", "sk_live_nothing", "x" * 400]:
        with refused(exceptions.UnauthorizedException, 401, "UnauthorizedError"):
            Caller(address, wrong).keys(ADA)
    bare = Caller(address, "")
    bare.bearer = admin.bearer.removeprefix("Bearer ")
    with refused(exceptions.UnauthorizedException, 401, "UnauthorizedError"):
        bare.keys(ADA)

    reader = Caller(address, admin.create(ADA, name="reader").key)
    with refused(exceptions.ForbiddenException, 403, "ForbiddenError"):
        reader.create(ADA, name="more")
    for forbidden in [admin.rotate, admin.revoke]:
        with refused(exceptions.ForbiddenException, 403, "ForbiddenError"):
            forbidden(ADA, "admin-key")
    with refused(exceptions.ForbiddenException, 403, "ForbiddenError"):
        admin.update(ADA, "admin-key", description="mine")

    bodies = []
    for caller, email in [(foreign, ADA), (foreign, "nobody@acme.example")]:
        with refused(exceptions.NotFoundException, 404, "NotFoundError", lambda error: bodies.append(error.body)):
            caller.keys(email)
    check(bodies[0] == bodies[1], "a foreign user and an unknown one look the same")
    for unreachable in ["", ".", ".."]:
        try:
            admin.revoke(ADA, unreachable)
        except exceptions.ApiException as error:
            check(error.status in (404, 405), f"{unreachable!r}: {error.status}")
        else:
            check(False, f"{unreachable!r} reached something")
    check(admin.users("get_user_organizations_email", ADA)["email"] == ADA, "the user is still there")

    with refused(exceptions.ConflictException, 409, None, lambda error: conflict(error.body)):
        admin.create(ADA, name="reader")
    with refused(exceptions.UnprocessableEntityException, 422, None, broken_rule):
        admin.create(ADA, name="late", expires_at=datetime(2020, 1, 1, tzinfo=timezone.utc))
    for name in [".", "..", "  ", "a\nb", "a\u202eb", "a\u200bb", "Admin-Key"]:
        with refused(exceptions.UnprocessableEntityException, 422, None, broken_rule):
            admin.create(ADA, name=name)
    admin.revoke(ADA, "reader")


def conflict(body):
    body = json.loads(body)
    check(body["error"]["type"] == "AlreadyExistsError" and body["status"] == 409, f"{body}")


def broken_rule(error):
    """Checks both lists of errors in a body: 0.81.1 reads `detail`, and later versions read `error.details`."""
    detail = error.data.detail[0]
    check(detail.loc[0].actual_instance == "body" and detail.msg and detail.type, f"{error.body}")
    rules = json.loads(error.body)["error"]["details"]["validation_errors"]
    check([rule["message"] for rule in rules] == [one.msg for one in error.data.detail], f"{error.body}")


def rate_limit(admin, address):
    """Checks the response with status 429. The client's retries are off, or it would wait and try again."""
    made = admin.create(ADA, name="slow", rate_limit_override=2)
    slow = Caller(address, made.key)
    slow._keys.api_client.configuration.retries = False
    slow._keys.api_client.rest_client = mixpeek.rest.RESTClientObject(slow._keys.api_client.configuration)
    slow.keys(ADA), slow.keys(ADA)
    with refused(exceptions.ApiException, 429, None, lambda error: exact(error)):
        slow.keys(ADA)
    admin.revoke(ADA, "slow")


def exact(error):
    figures = json.loads(error.body)["error"]["details"]
    check(figures["limit"] == 2 and figures["window"] == 60 and 1 <= figures["retry_after"] <= 61, f"{error.body}")
    check(error.headers["Retry-After"] == str(figures["retry_after"]), "Retry-After")


def neighbours(admin):
    """Checks users, the organization, usage and the audit log with the classes of the same package."""
    request = mixpeek.UserCreateRequest(email="bob@acme.example", user_name="Bob")
    made = admin.users("create_user_organizations", request)
    check(made["status"] == "active", "a user is created")
    bob = admin.users("get_user_organizations_email", "BOB@acme.example")
    check((bob["email"], bob["user_name"], bob["role"]) == ("bob@acme.example", "Bob", "member"), "the user is found")
    page = admin.users("list_users_organizations", skip=0, limit=10)
    check(page["total"] == 2 and page["limit"] == 10, "the user is listed")
    admin.create("bob@acme.example", name="bobs")
    changed = admin.users("update_user_organizations_email", "bob@acme.example", mixpeek.UserUpdateRequest(role="viewer"))
    check(changed["role"] == "viewer", "the user is changed")
    check(admin.users("delete_user_organizations_email", "bob@acme.example")["success"], "the user is removed")

    organization = admin.organizations.get_organization(authorization=admin.bearer)
    check(organization.organization_name == "Acme" and organization.rate_limits is not None, "the organization")
    log = admin.audit.list_audit_logs_organizations(authorization=admin.bearer, action="user_created")
    check(log.total == 2, "the audit log contains both users")
    record = admin.audit.get_audit_log_organizations(log.results[0].audit_id, authorization=admin.bearer)
    check((record.action, record.actor_type) == ("user_created", "api_key"), "an audit record")
    settings = admin.audit.get_audit_settings_organizations(authorization=admin.bearer)
    check(settings.read_auditing_enabled is False, "the audit settings")
    usage = admin.usage.get_org_usage_organizations(authorization=admin.bearer)
    check("total_requests" in usage, "usage")


if __name__ == "__main__":
    main()
