"""openapi-python-client, as its readme shows it: create, look, validate, used, create."""

import os
from datetime import datetime, timedelta, timezone

from generated import AuthenticatedClient
from generated.api.links import generate_link, list_links, look_at_door, revoke_link, validate_link
from generated.models import (
    DoorRequest,
    GenerateRequest,
    GenerateResponse,
    LinkRow,
    Problem,
    LinkStatus,
    State,
    ValidateRequest,
    ValidateResponse,
)


def made(client, key, **wish):
    answer = generate_link.sync(client=client, body=GenerateRequest(**wish), idempotency_key=key)
    assert isinstance(answer, GenerateResponse), answer
    return answer


with AuthenticatedClient(
    base_url=os.environ["WICKETGATE_URL"], token=os.environ["WICKETGATE_API_KEY"]
) as client:
    link = made(client, "python-1", chat_id="python-1")
    assert link.success and link.state == State.VALID and link.repeated is False, link
    in_a_day = datetime.now(timezone.utc) + timedelta(hours=24)
    assert abs(link.expires_at - in_a_day) < timedelta(minutes=1), link.expires_at

    door = look_at_door.sync(client=client, body=DoorRequest(link_id=link.link_id))
    assert door.state == State.VALID and str(door.partner_id) == os.environ["WICKETGATE_PARTNER"], door

    request = ValidateRequest(link_id=link.link_id)
    used = validate_link.sync(client=client, body=request)
    assert isinstance(used, ValidateResponse) and used.chat_id == "python-1", used
    again = validate_link.sync_detailed(client=client, body=request)
    assert again.status_code == 410, again
    assert isinstance(again.parsed, Problem), again
    assert again.parsed.error == "Link has already been used" and again.parsed.state == State.USED, again

    repeated = made(client, "python-1", chat_id="python-1")
    assert repeated.repeated and repeated.state == State.USED and repeated.link_id == link.link_id, repeated
    after = made(client, "python-2", chat_id="python-2", expiry_hours=0.5)
    listed = list_links.sync(client=client, chat_id="python-1", state=LinkStatus.USED)
    assert [row.ref for row in listed.links] == [link.ref], listed
    lately = list_links.sync(client=client, used_since=in_a_day - timedelta(hours=25), fields="ref,usedAt")
    assert lately.links[0].ref == link.ref and "chatId" not in lately.links[0].to_dict(), lately
    revoked = revoke_link.sync(client=client, ref=after.link_id)
    assert isinstance(revoked, LinkRow) and revoked.state == State.REVOKED, revoked
