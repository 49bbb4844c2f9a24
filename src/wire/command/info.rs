//! Info objects: what `onStatus`, `_error` and some other messages carry.

use crate::field::{Field, Secrecy, fields};
use crate::wire::command::connect;
use crate::wire::status::{explain, explain_level};

/// Fields of info objects.
pub mod f {
    use super::*;
    fields! {
        /// Info object of a status.
        STATUS_INFO = Field::new("info", "what happened")
            .members(&[&LEVEL, &CODE, &DESCRIPTION, &DETAILS, &CLIENT_ID, &RECONNECT_URL]);
        /// Info object of an error.
        ERROR_INFO = Field::new("error_info", "what went wrong")
            .members(&[&LEVEL, &CODE, &DESCRIPTION, &DETAILS, &CLIENT_ID, &connect::f::OBJECT_ENCODING, &REDIRECT]);
        /// Answer to a call.
        RESPONSE = Field::new("response", "what the call returns").members(&[
            &LEVEL, &CODE, &DESCRIPTION, &DETAILS, &CLIENT_ID, &connect::f::OBJECT_ENCODING, &connect::f::SERVER_DATA,
            &connect::f::SECURE_TOKEN, &REDIRECT,
        ]);
        /// Level.
        LEVEL = Field::new("level", "how serious it is").texts(explain_level);
        /// Code.
        CODE = Field::new("code", "what happened, as a word for programs").texts(explain);
        /// Description.
        DESCRIPTION = Field::new("description", "what happened, in words for people; often repeats the stream name")
            .secret(Secrecy::Echo);
        /// Details.
        DETAILS = Field::new("details", "what it is about, often the stream name").secret(Secrecy::Whole);
        /// Client id.
        CLIENT_ID = Field::new("clientid", "the server's name for this client");
        /// URL of a reconnect request.
        RECONNECT_URL = Field::new("tcUrl", "server to reconnect to; absolute, or relative to the current one")
            .secret(Secrecy::Url);
        /// Redirect.
        REDIRECT = Field::new("ex", "another server takes the client").members(&[&REDIRECT_CODE, &REDIRECT_URL]);
        /// Redirect code.
        REDIRECT_CODE = Field::new("code", "302 for a redirect").numbers(redirect_name);
        /// Redirect URL.
        REDIRECT_URL = Field::new("redirect", "URL to connect to instead").secret(Secrecy::Url);
    }
}

fn redirect_name(code: u64) -> Option<&'static str> {
    (code == 302).then_some("redirect")
}
