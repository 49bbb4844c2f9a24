//! Leaf vocabulary of byte streams: who sent, what arrived, and which packet carried it.

use crate::time::Time;

/// Which way bytes travel in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client (who connected) to the server.
    ClientToServer,
    /// From the server to the client.
    ServerToClient,
}

impl Direction {
    /// Both directions, client first.
    pub const BOTH: [Direction; 2] = [Direction::ClientToServer, Direction::ServerToClient];

    /// The short name used in every output: `c2s` or `s2c`.
    pub fn name(self) -> &'static str {
        match self {
            Direction::ClientToServer => "c2s",
            Direction::ServerToClient => "s2c",
        }
    }

    /// The other direction.
    pub fn reverse(self) -> Direction {
        match self {
            Direction::ClientToServer => Direction::ServerToClient,
            Direction::ServerToClient => Direction::ClientToServer,
        }
    }

    /// 0 for client to server, 1 for server to client: an index into arrays of two.
    pub fn index(self) -> usize {
        match self {
            Direction::ClientToServer => 0,
            Direction::ServerToClient => 1,
        }
    }
}

/// Where and when a piece of a stream was captured: enough to find its bytes in the capture again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Capture time of the packet.
    pub time: Time,
    /// Packet number in the capture, counted from 1 as Wireshark does.
    pub packet: u64,
    /// Offset of the piece's first byte in the captured packet.
    pub frame_offset: u32,
}

/// What a direction of a stream delivers, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The next bytes of the stream.
    Data(&'a [u8]),
    /// The next bytes, so many, are missing, for this reason.
    Gap(u64, Loss),
    /// Nothing more comes in this direction.
    End(Ending),
}

/// Why bytes of a stream are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The receiver acknowledged them: they were on the wire, and the capture missed them.
    Unseen,
    /// Nobody acknowledged them: lost on the way, and not seen again before the connection ended.
    Unacknowledged,
    /// Nothing was captured of the receiver that could tell.
    Untold,
    /// They were given up because too much waited behind them.
    GivenUp,
    /// They passed while the decoder of a live run was behind.
    Behind,
    /// The capture kept only this many bytes of the packet.
    Cut(u32),
}

impl Loss {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Loss::Unseen => {
                "not captured: the receiver acknowledged these bytes, so the capture lost them, not the network"
            }
            Loss::Unacknowledged => "never acknowledged: the network lost these bytes, or they were never sent",
            Loss::Untold => "not captured: without the receiver's acknowledgments nobody can tell where they were lost",
            Loss::GivenUp => "not waited for any longer: too many bytes came behind them",
            Loss::Behind => "not decoded: they passed while the decoder was behind",
            Loss::Cut(_) => "cut off: the capture keeps only the first bytes of each packet",
        }
    }
}

/// How a direction of a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The sender closed its side in order.
    Fin,
    /// The sender reset the connection.
    Reset,
    /// The capture ended while the stream was open.
    Unfinished,
    /// A new connection took over the same addresses and ports.
    Replaced,
    /// The flow was dropped to stay within the limits.
    Evicted,
}

impl Ending {
    /// The short name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Ending::Fin => "fin",
            Ending::Reset => "reset",
            Ending::Unfinished => "unfinished",
            Ending::Replaced => "replaced",
            Ending::Evicted => "evicted",
        }
    }
}
