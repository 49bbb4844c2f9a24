//! What each side has set: chunk size, acknowledgement window, bandwidth.

use crate::wire::control::Control;

/// The settings that one direction announced.
#[derive(Debug)]
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
    pub(super) fn set(&mut self, control: &Control) -> Option<u32> {
        match control {
            Control::SetChunkSize { value } => self.chunk_size.replace(*value),
            Control::WindowAckSize { size } => self.window.replace(*size),
            Control::SetPeerBandwidth { size, .. } => self.bandwidth.replace(*size),
            Control::Abort { .. } | Control::Acknowledgement { .. } => None,
        }
    }
}
