//! An export as it is read back: every event is a line of its own, its members can be walked to the end and found again
//! by name, and what a line means does not depend on the lines around it.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use rtmpscope::out::json::{Events, Members, Value};

/// Walks a value to its end.
fn walk(value: &Value<'_>, depth: u8) {
    if depth == 0 {
        return;
    }
    value.items().iter().for_each(|item| walk(item, depth - 1));
    value.members().iter().for_each(|(_, member)| walk(&member, depth - 1));
}

fuzz_target!(|bytes: &[u8]| {
    let mut last = 0;
    let result = Events::new(bytes, "input").read(|event| {
        assert!(event.line > last, "lines come in order");
        last = event.line;
        assert!(!event.text.contains('\n'), "an event is one line");
        let alone = Members::read(event.text).expect("an event reads alone");
        for (name, value) in event.members.iter() {
            assert!(alone.find(name).is_some(), "{name} is found again");
            walk(&value, 8);
        }
        ControlFlow::Continue(())
    });
    if let Err(trouble) = result {
        assert!(!trouble.to_string().is_empty(), "what is wrong is said");
    }
});
