//! What names a connection in the table: both ends, the lower one first.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::net::frame::{Ends, Tcp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Address and port of an end in one word: this is compared for every packet.
    V4 {
        low: u64,
        high: u64,
    },
    V6 {
        low: (u128, u16),
        high: (u128, u16),
    },
}

impl Key {
    /// The key of a segment, and whether the lower end sent it.
    #[inline]
    pub(super) fn of(tcp: &Tcp<'_>) -> (Key, bool) {
        match tcp.ends {
            Ends::V4 { src, dst } => {
                let (src, dst) = (word(src, tcp.src_port), word(dst, tcp.dst_port));
                (Key::V4 { low: src.min(dst), high: src.max(dst) }, src <= dst)
            }
            Ends::V6 { src, dst } => {
                let (src, dst) = ((src, tcp.src_port), (dst, tcp.dst_port));
                (Key::V6 { low: src.min(dst), high: src.max(dst) }, src <= dst)
            }
        }
    }

    /// The key of what two ends say to each other; `None` for addresses that do not go together.
    pub(super) fn between(a: SocketAddr, b: SocketAddr) -> Option<Key> {
        match (a.ip(), b.ip()) {
            (IpAddr::V4(from), IpAddr::V4(to)) => {
                let (a, b) = (word(from.into(), a.port()), word(to.into(), b.port()));
                Some(Key::V4 { low: a.min(b), high: a.max(b) })
            }
            (IpAddr::V6(from), IpAddr::V6(to)) => {
                let (a, b) = ((from.into(), a.port()), (to.into(), b.port()));
                Some(Key::V6 { low: a.min(b), high: a.max(b) })
            }
            _ => None,
        }
    }

    /// The lower and the higher end.
    pub(super) fn ends(&self) -> (SocketAddr, SocketAddr) {
        match *self {
            Key::V4 { low, high } => {
                let end = |word: u64| SocketAddr::new(Ipv4Addr::from((word >> 16) as u32).into(), word as u16);
                (end(low), end(high))
            }
            Key::V6 { low, high } => {
                let end = |(ip, port)| SocketAddr::new(IpAddr::V6(u128::into(ip)), port);
                (end(low), end(high))
            }
        }
    }
}

fn word(ip: u32, port: u16) -> u64 {
    u64::from(ip) << 16 | u64::from(port)
}

impl Hash for Key {
    /// Few words instead of a dozen: this runs for many packets.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match *self {
            Key::V4 { low, high } => {
                state.write_u64(low);
                state.write_u64(high);
            }
            Key::V6 { low, high } => {
                state.write_u128(low.0);
                state.write_u128(high.0);
                state.write_u32(u32::from(low.1) << 16 | u32::from(high.1));
            }
        }
    }
}
