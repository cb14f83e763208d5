//! What every parameter, answer and number of the document says of itself.

use utoipa::openapi::{
    Components, Header, RefOr, Response, Schema,
    path::{Operation, ParameterIn},
    schema::{
        AdditionalProperties, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
    },
};
use wicketgate_protocol::wire::GREATEST;

/// A public name: sixteen bytes in base64url.
const NAME: &str = "^[A-Za-z0-9_-]{21}[AQgw]$";

/// Completes a call's parameters and answers.
pub(super) fn complete(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        let text = ObjectBuilder::new().schema_type(Type::String);
        match (&parameter.parameter_in, parameter.name.as_str()) {
            (ParameterIn::Path, _) => {
                let name = text.min_length(Some(22)).max_length(Some(22));
                parameter.schema = Some(name.pattern(Some(NAME)).into());
            }
            (ParameterIn::Header, "Idempotency-Key") => {
                let key = text.min_length(Some(1)).max_length(Some(200));
                parameter.schema = Some(key.pattern(Some("^[!-~]+$")).into());
            }
            _ => {}
        }
    }
    let has_tag = operation.responses.responses.contains_key("304");
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        add_request_id(response);
        // A call that may answer "as before" says of each answer which it is.
        if has_tag && matches!(status.as_str(), "200" | "304") {
            let tag = ObjectBuilder::new().schema_type(Type::String);
            let tag = header("What to send as `If-None-Match` the next time", tag);
            response.headers.insert("ETag".to_owned(), tag);
        }
    }
}

/// Every answer carries the name that the log knows its request by.
pub(super) fn add_request_id(response: &mut Response) {
    let id = ObjectBuilder::new().schema_type(Type::String);
    let id = header("The name of this request in the server's log", id);
    response.headers.insert("X-Request-Id".to_owned(), id);
}

/// A header of an answer.
pub(super) fn header(description: &str, schema: ObjectBuilder) -> RefOr<Header> {
    let mut header = Header::new(schema.build());
    header.description = Some(description.to_owned());
    header.into()
}

/// Says of every number how great it may be, of the frames of clients that they take no other member, and of a frame
/// that carries a message all that it has.
pub(super) fn limit(components: &mut Components) {
    let message = components.schemas.get("Message").cloned();
    for (name, schema) in &mut components.schemas {
        let RefOr::T(schema) = schema else { continue };
        match name.as_str() {
            "ClientFrame" => each_frame(schema, close),
            "ServerFrame" => each_frame(schema, |frame| spell_out(frame, message.as_ref())),
            _ => {}
        }
        limit_numbers(schema);
    }
}

fn limit_numbers(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => {
            limit_number(object);
            for member in object.properties.values_mut() {
                if let RefOr::T(member) = member {
                    limit_numbers(member);
                }
            }
        }
        Schema::OneOf(one_of) => {
            for item in &mut one_of.items {
                if let RefOr::T(item) = item {
                    limit_numbers(item);
                }
            }
        }
        _ => {}
    }
}

/// An unsigned number of 32 bits is more than the format `int32` holds, and one of 64 bits more than every reader keeps.
fn limit_number(object: &mut Object) {
    let is_number = match &object.schema_type {
        SchemaType::Type(kind) => *kind == Type::Integer,
        SchemaType::Array(kinds) => kinds.contains(&Type::Integer),
        SchemaType::AnyValue => false,
    };
    if !is_number || object.maximum.is_some() {
        return;
    }
    let is_short = object.format == Some(SchemaFormat::KnownFormat(KnownFormat::Int32));
    object.maximum = Some(
        if is_short {
            u64::from(u32::MAX)
        } else {
            GREATEST
        }
        .into(),
    );
    object.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
}

fn each_frame(schema: &mut Schema, change: impl Fn(&mut Schema)) {
    if let Schema::OneOf(one_of) = schema {
        for item in &mut one_of.items {
            if let RefOr::T(frame) = item {
                change(frame);
            }
        }
    }
}

fn close(frame: &mut Schema) {
    if let Schema::Object(object) = frame {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
}

/// Makes one object of "a message, and its type": not every generator reads the two in one.
fn spell_out(frame: &mut Schema, message: Option<&RefOr<Schema>>) {
    let (Schema::AllOf(parts), Some(RefOr::T(Schema::Object(message)))) = (&*frame, message) else {
        return;
    };
    let mut whole = message.clone();
    for part in &parts.items {
        if let RefOr::T(Schema::Object(part)) = part {
            whole.properties.extend(part.properties.clone());
            whole.required.extend(part.required.clone());
        }
    }
    *frame = Schema::Object(whole);
}
