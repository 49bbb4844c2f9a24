//! What the screen writes to files.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};

use crate::out::json::{Bodies, Detail, Json, Options};
use crate::record::{Message, Record, Sink};
use crate::time::Time;
use crate::view::Mask;

/// A message as JSON, with its fields and its body.
pub(in crate::cli) fn json(message: &Message, mask: Mask, start: Time) -> String {
    let options = Options { detail: Detail::Fields, bodies: Bodies::Base64, array: false, live: false };
    let mut json = Json::new(Vec::new(), options, mask);
    json.begin_at(start);
    json.take(Record::Message(message.clone()));
    json.finish().map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}

/// Writes a text to a new file and tells its name.
#[expect(clippy::panic, reason = "only tests set the variable, to see that a panic gives the terminal back")]
pub(in crate::cli) fn save(name: &str, text: &str) -> Result<String, String> {
    if std::env::var_os("RTMPSCOPE_TEST_PANIC").is_some() {
        panic!("a test asked for a panic");
    }
    let (name, mut file) = create(name).map_err(|error| format!("cannot write: {error}"))?;
    file.write_all(text.as_bytes()).map_err(|error| format!("cannot write {name}: {error}"))?;
    Ok(name)
}

/// A new file in the current folder that only the user can read: captures hold secrets.
pub(in crate::cli) fn create(name: &str) -> io::Result<(String, File)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for n in 1..10_000 {
        let name = format!("rtmpscope-{n}-{name}");
        match options.open(&name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|file| (name, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
