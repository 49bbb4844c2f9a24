//! What names a connection in the table: both ends, the lower one first.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, SocketAddr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    low: SocketAddr,
    high: SocketAddr,
}

impl Key {
    /// The key of a segment, and whether the lower end sent it.
    pub(super) fn of(src: SocketAddr, dst: SocketAddr) -> (Key, bool) {
        if src <= dst { (Key { low: src, high: dst }, true) } else { (Key { low: dst, high: src }, false) }
    }

    /// The lower and the higher end.
    pub(super) fn ends(&self) -> (SocketAddr, SocketAddr) {
        (self.low, self.high)
    }
}

impl Hash for Key {
    /// Three words instead of a dozen: this runs for every packet.
    fn hash<H: Hasher>(&self, state: &mut H) {
        for end in [self.low, self.high] {
            match end.ip() {
                IpAddr::V4(ip) => state.write_u32(ip.to_bits()),
                IpAddr::V6(ip) => state.write_u128(ip.to_bits()),
            }
        }
        state.write_u32(u32::from(self.low.port()) << 16 | u32::from(self.high.port()));
    }
}
