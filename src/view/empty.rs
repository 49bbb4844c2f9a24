//! What to say when there is no RTMP in a capture: what was searched, and what to try next.

use std::fmt;

use crate::record::End;

/// Nothing was found.
pub struct Empty<'a> {
    /// What was searched.
    pub end: &'a End,
    /// The input's name.
    pub input: &'a str,
}

impl fmt::Display for Empty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let End { packets, searched, foreign, .. } = self.end;
        write!(f, "no RTMP in {}: ", self.input)?;
        if *packets == 0 {
            return f.write_str("the capture holds no packets");
        }
        let with_data = searched.connections_with_data;
        write!(f, "searched {packets} packets, {} TCP connections ({with_data} with data)", searched.connections)?;
        for (protocol, count) in &foreign.protocols {
            write!(f, "\n  {count} x {protocol}")?;
        }
        if foreign.midstream > 0 {
            write!(f, "\n  {} of them began before the capture did", foreign.midstream)?;
        }
        if searched.unknown_links > 0 {
            write!(f, "\n  {} packets of a link type that is not supported", searched.unknown_links)?;
        }
        if foreign.protocols.iter().any(|(name, _)| name.starts_with("TLS")) {
            f.write_str("\nRTMPS is RTMP inside TLS: it cannot be read without its keys")
        } else if with_data == 0 {
            f.write_str("\ncapture while the stream starts, on the interface that it uses")
        } else {
            f.write_str("\nif you know the server, name it: --decode-as HOST:PORT=rtmp or --port PORT")
        }
    }
}
