//! What each side has set: chunk size, acknowledgement window, bandwidth.

use crate::wire::control::Control;

/// The settings that one direction announced.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    chunk_size: Option<u32>,
    window: Option<u32>,
    bandwidth: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        // Only the chunk size has a value from the start.
        Settings { chunk_size: Some(128), window: None, bandwidth: None }
    }
}

impl Settings {
    /// Takes a control message into account; returns the value that it replaces.
    pub(super) fn set(&mut self, control: &Control, body: &[u8]) -> Option<u32> {
        match control {
            Control::SetChunkSize { .. } => match allowed_chunk_size(body) {
                Some(size) => self.chunk_size.replace(size),
                None => self.chunk_size,
            },
            Control::WindowAckSize { size } => self.window.replace(*size),
            Control::SetPeerBandwidth { size, .. } => self.bandwidth.replace(*size),
            Control::Abort { .. } | Control::Acknowledgement { .. } => None,
        }
    }
}

/// The size that the body of a Set Chunk Size sets; `None` for 0, with the top bit, and for a short body: peers refuse
/// these in different ways, so the old size stays.
pub(super) fn allowed_chunk_size(body: &[u8]) -> Option<u32> {
    let size = u32::from_be_bytes(*body.first_chunk()?);
    (1..=0x7fff_ffff).contains(&size).then_some(size)
}
