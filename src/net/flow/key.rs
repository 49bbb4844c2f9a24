//! What names a connection in the table: both ends, the lower one first.

use std::hash::{Hash, Hasher};
use std::net::SocketAddr;

use crate::net::frame::{Tcp, socket_address};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    low: (u128, u16),
    high: (u128, u16),
    v6: bool,
}

impl Key {
    /// The key of a segment, and whether the lower end sent it.
    pub(super) fn of(tcp: &Tcp<'_>) -> (Key, bool) {
        let (src, dst, v6) = ((tcp.ends.src, tcp.src_port), (tcp.ends.dst, tcp.dst_port), tcp.ends.v6);
        if src <= dst { (Key { low: src, high: dst, v6 }, true) } else { (Key { low: dst, high: src, v6 }, false) }
    }

    /// The lower and the higher end.
    pub(super) fn ends(&self) -> (SocketAddr, SocketAddr) {
        let address = |(ip, port)| socket_address(ip, port, self.v6);
        (address(self.low), address(self.high))
    }
}

impl Hash for Key {
    /// Few words instead of a dozen: this runs for every packet.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let ports = u32::from(self.low.1) << 16 | u32::from(self.high.1);
        if self.v6 {
            state.write_u128(self.low.0);
            state.write_u128(self.high.0);
            state.write_u32(ports);
        } else {
            state.write_u64((self.low.0 as u64) << 32 | self.high.0 as u64);
            state.write_u32(ports);
        }
    }
}
