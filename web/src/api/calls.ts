/** Which call takes and answers what. The names are checked against the API's own description. */
import type { Schemas as S } from "./wire.ts";

/** Every call that a page makes, by method and path. */
export interface Calls {
  "POST /api/links/door": { body: S["DoorRequest"]; answer: S["Door"] };
  "POST /api/validate-secure-link": { body: S["ValidateRequest"]; answer: S["ValidateResponse"] };
  "GET /api/chats/{chatRef}/seat": { answer: S["SeatView"] };
  "GET /api/chats/{chatRef}/messages": { answer: S["MessageList"] };
  "POST /api/chats/{chatRef}/messages": { body: S["SendRequest"]; answer: S["SendResponse"] };
  "POST /api/chats/{chatRef}/seen": { body: S["Cursors"]; answer: S["Cursors"] };
  "POST /api/chats/{chatRef}/typing": { body: { typing: boolean }; answer: S["Done"] };
  "POST /api/chats/{chatRef}/end": { answer: S["Done"] };

  "POST /api/generate-secure-link": { body: S["GenerateRequest"]; answer: S["GenerateResponse"] };
  "POST /api/links": { body: S["SealedLinkRequest"]; answer: S["GenerateResponse"] };
  "GET /api/links": { answer: S["LinkList"] };
  "GET /api/links/{ref}": { answer: S["LinkRow"] };
  "POST /api/links/{ref}/revoke": { answer: S["LinkRow"] };
  "GET /api/chats": { answer: S["ChatList"] };
  "GET /api/chats/{chatRef}": { answer: S["ChatRow"] };
  "GET /api/chats/{chatRef}/seats": { answer: S["SeatList"] };
  "GET /api/setup": { answer: S["SetupState"] };
  "POST /api/setup": { body: S["SetupRequest"]; answer: S["Me"] };
  "POST /api/signin/start": { body: S["SignInStart"]; answer: S["Stretching"] };
  "POST /api/signin": { body: S["SignIn"]; answer: S["Me"] };
  "POST /api/signout": { answer: S["Done"] };
  "POST /api/recovery/start": { body: S["RecoveryStart"]; answer: S["RecoveryWrap"] };
  "POST /api/recovery/finish": { body: S["RecoveryFinish"]; answer: S["Me"] };
  "GET /api/me": { answer: S["Me"] };
  "POST /api/me/password": { body: S["PasswordChange"]; answer: S["Me"] };
  "POST /api/me/recovery": { body: S["RecoveryChange"]; answer: S["Done"] };
  "GET /api/sessions": { answer: S["SessionList"] };
  "POST /api/sessions/{ref}/end": { answer: S["Done"] };
  "GET /api/keys": { answer: S["KeyList"] };
  "POST /api/keys": { body: S["KeyRequest"]; answer: S["KeyResponse"] };
  "POST /api/keys/{ref}/revoke": { answer: S["KeyRow"] };
  "POST /api/keyring": { body: S["KeyringRequest"]; answer: S["Me"] };
  "GET /api/partner": { answer: S["PartnerView"] };
}
