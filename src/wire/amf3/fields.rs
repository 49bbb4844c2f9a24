//! The field table of AMF3 values.

use crate::field::{Field, Unit, fields};

/// Fields of AMF3 values.
pub mod f {
    use super::*;
    fields! {
        /// Type of the value.
        MARKER = Field::new("amf3_marker", "type of the value").numbers(marker_name);
        /// An integer.
        INTEGER = Field::new("integer", "signed number of 29 bits in one to four bytes");
        /// A double.
        DOUBLE = Field::new("double", "64-bit floating-point number");
        /// Length of a string.
        STRING_LENGTH = Field::new("string_length", "length of the text; the lowest bit on the wire is 1")
            .unit(Unit::Bytes);
        /// Reference to a string.
        STRING_REFERENCE = Field::new("string_reference", "index of an earlier string; the lowest bit on the wire is 0");
        /// Text.
        STRING = Field::new("text", "the text, UTF-8");
        /// Length of an XML text.
        XML_LENGTH = Field::new("xml_length", "length of the XML text").unit(Unit::Bytes);
        /// XML text.
        XML = Field::new("xml", "the XML text, UTF-8");
        /// In front of a date.
        DATE_HEADER = Field::new("date_header", "says only that a date follows");
        /// A date.
        DATE = Field::new("date", "milliseconds since 1970-01-01 UTC").unit(Unit::Milliseconds);
        /// Length of a byte array.
        BYTES_LENGTH = Field::new("byte_array_length", "length of the byte array").unit(Unit::Bytes);
        /// A byte array.
        BYTES = Field::new("byte_array", "bytes whose meaning only the application knows");
        /// Reference to an object.
        OBJECT_REFERENCE = Field::new("object_reference", "index of an earlier object, array, date or the like");
        /// Number of items.
        ITEM_COUNT = Field::new("item_count", "number of items");
        /// An item.
        ITEM = Field::new("item", "an item of an array");
        /// A member.
        MEMBER = Field::new("member", "a named member of an object");
        /// Name of a member.
        NAME = Field::new("name", "the member's name");
        /// End of members.
        MEMBERS_END = Field::new("members_end", "an empty name ends the named members");
        /// Reference to a class.
        TRAITS_REFERENCE = Field::new("traits_reference", "index of an earlier class");
        /// Sealed members.
        SEALED_COUNT = Field::new("sealed_count", "number of member names that follow; the lower four bits say what kind of class it is");
        /// Externalizable.
        EXTERNALIZABLE = Field::new("externalizable", "true when the class writes its objects in its own way");
        /// Dynamic.
        DYNAMIC = Field::new("dynamic", "true when objects have further members, each with its name");
        /// Class.
        CLASS_NAME = Field::new("class_name", "the class of the object");
        /// Fixed length.
        FIXED = Field::new("fixed_length", "1 when the length of the vector is fixed");
        /// Type of a vector.
        TYPE_NAME = Field::new("type_name", "class of the items; * for any");
        /// Item of a vector.
        VECTOR_INT = Field::new("int", "signed number of 32 bits");
        /// Item of a vector.
        VECTOR_UINT = Field::new("uint", "unsigned number of 32 bits");
        /// Item of a vector.
        VECTOR_DOUBLE = Field::new("vector_double", "64-bit floating-point number");
        /// Pairs of a dictionary.
        PAIR_COUNT = Field::new("pair_count", "number of keys");
        /// Weak keys.
        WEAK_KEYS = Field::new("weak_keys", "1 when keys do not keep their objects alive");
        /// A pair.
        PAIR = Field::new("pair", "a key and its value");
        /// A key.
        KEY = Field::new("key", "the key");
        /// The value of a key.
        KEY_VALUE = Field::new("key_value", "the value of the key");
        /// What a wrapper holds.
        WRAPPED = Field::new("wrapped", "the value that this class wraps");
        /// Flags of a message part.
        FLAGS = Field::new("flags", "which members follow; the top bit says that another byte of flags comes");
        /// Body.
        BODY = Field::new("body", "body of the message");
        /// Client.
        CLIENT_ID = Field::new("clientId", "client that the message belongs to");
        /// Destination.
        DESTINATION = Field::new("destination", "service that gets the message");
        /// Headers.
        HEADERS = Field::new("headers", "headers of the message");
        /// Message id.
        MESSAGE_ID = Field::new("messageId", "id of the message");
        /// Time.
        TIMESTAMP = Field::new("timestamp", "when the message was sent");
        /// Time to live.
        TIME_TO_LIVE = Field::new("timeToLive", "how long the message is valid");
        /// Client, as bytes.
        CLIENT_ID_BYTES = Field::new("clientIdBytes", "client that the message belongs to, as bytes");
        /// Message id, as bytes.
        MESSAGE_ID_BYTES = Field::new("messageIdBytes", "id of the message, as bytes");
        /// Answered message.
        CORRELATION_ID = Field::new("correlationId", "id of the message that this one answers");
        /// Answered message, as bytes.
        CORRELATION_ID_BYTES = Field::new("correlationIdBytes", "id of the message that this one answers, as bytes");
        /// Operation.
        OPERATION = Field::new("operation", "what the command message asks for").numbers(operation_name);
        /// A member without known meaning.
        UNKNOWN_MEMBER = Field::new("unknown_member", "a member whose flag has no known meaning");
    }
}

fn marker_name(marker: u64) -> Option<&'static str> {
    const NAMES: [&str; 18] = [
        "undefined",
        "null",
        "false",
        "true",
        "integer",
        "double",
        "string",
        "XML document",
        "date",
        "array",
        "object",
        "XML",
        "byte array",
        "vector of int",
        "vector of uint",
        "vector of double",
        "vector of object",
        "dictionary",
    ];
    NAMES.get(usize::try_from(marker).ok()?).copied()
}

fn operation_name(operation: u64) -> Option<&'static str> {
    Some(match operation {
        0 => "subscribe",
        1 => "unsubscribe",
        2 => "poll",
        4 => "client sync",
        5 => "client ping",
        7 => "cluster request",
        8 => "login",
        9 => "logout",
        10 => "session invalidate",
        11 => "multi-subscribe",
        12 => "disconnect",
        10_000 => "unknown",
        _ => return None,
    })
}
