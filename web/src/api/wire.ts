/** The wire's types under their own names, from the server's OpenAPI document. */
import type { components } from "./types.gen.ts";

/** Every schema of the document. */
export type Schemas = components["schemas"];

export type ChatList = Schemas["ChatList"];
export type ChatRow = Schemas["ChatRow"];
export type ClientFrame = Schemas["ClientFrame"];
export type Code = Schemas["Code"];
export type Cursors = Schemas["Cursors"];
export type Device = Schemas["Device"];
export type Done = Schemas["Done"];
export type Door = Schemas["Door"];
export type LinkList = Schemas["LinkList"];
export type LinkRow = Schemas["LinkRow"];
export type Me = Schemas["Me"];
export type Message = Schemas["Message"];
export type MessageList = Schemas["MessageList"];
export type Refusal = Schemas["Problem"];
export type Role = "agent" | "customer";
export type SealedLabel = Schemas["SealedLabel"];
export type SeatList = Schemas["SeatList"];
export type SeatRow = Schemas["SeatRow"];
export type SeatClosed = Schemas["SeatClosed"];
export type SeatView = Schemas["SeatView"];
export type SendRequest = Schemas["SendRequest"];
export type SendResponse = Schemas["SendResponse"];
export type ServerFrame = Schemas["ServerFrame"];
export type Side = Schemas["Side"];
export type ValidateResponse = Schemas["ValidateResponse"];
