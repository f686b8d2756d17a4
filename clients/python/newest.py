"""Tests the five operations on keys with the newest published client, mixpeek 1.3.783, unchanged."""

import mixpeek
from mixpeek import APIKeyCreateRequest, APIKeyUpdateRequest, OrganizationAPIKeysApi, exceptions

import checks
from checks import check, refused
from server import Server

ADA = "ada@acme.example"


def keys_of(address, secret):
    return OrganizationAPIKeysApi(mixpeek.ApiClient(mixpeek.Configuration(host=address, access_token=secret)))


def main():
    with Server() as server:
        admin = keys_of(server.address, server.bootstrap("Acme", ADA)["admin_key"])
        for name in ["deploy", "a/b", "100%", "two words", "ключ", "..."]:
            life(admin, server.address, name)
        errors(admin)
        check(server.log() == "", f"the server logged warnings or errors:\n{server.log()}")
    print(f"mixpeek {mixpeek.__version__}: {checks.passed} checks passed")


def life(admin, address, name):
    # Unless permissions are given, this version of the client requests read, write and delete.
    made = admin.create_key_organizations_users_email(ADA, APIKeyCreateRequest(name=name))
    check(made.name == name and made.key and made.status == "active", f"create {name!r}")
    listed = admin.list_keys_organizations_users_email(ADA, include_revoked=False)
    results = listed["results"] if isinstance(listed, dict) else listed.results
    check(len(results) == 2, f"list with {name!r}")
    request = APIKeyUpdateRequest(description="found")
    changed = admin.update_key_organizations_users_email_name(ADA, name, request)
    check(changed.key_id == made.key_id and changed.description == "found", f"update {name!r}")
    rotated = admin.rotate_key_organizations_users_email_name(ADA, name)
    check(rotated.key_id == made.key_id and rotated.key != made.key, f"rotate {name!r}")
    with refused(exceptions.UnauthorizedException, 401, "UnauthorizedError"):
        keys_of(address, made.key).list_keys_organizations_users_email(ADA)
    gone = admin.delete_key_organizations_users_email_name(ADA, name)
    check(gone.success is True, f"revoke {name!r}")
    with refused(exceptions.NotFoundException, 404, "NotFoundError"):
        admin.rotate_key_organizations_users_email_name(ADA, name)


def errors(admin):
    def create(**members):
        return admin.create_key_organizations_users_email(ADA, APIKeyCreateRequest(**members))

    with refused(exceptions.ForbiddenException, 403, "ForbiddenError"):
        admin.delete_key_organizations_users_email_name(ADA, "admin-key")
    create(name="twice")
    with refused(exceptions.ConflictException, 409, None):
        create(name="twice")
    with refused(exceptions.UnprocessableEntityException, 422, "ValidationError"):
        create(name="..")


if __name__ == "__main__":
    main()
