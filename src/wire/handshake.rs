//! The handshake: RTMP 1.0 section 5.2, and the digest form that Flash Player 9 brought.
//!
//! Handshake packets have no framing: C0 and S0 are one byte, C1, C2, S1 and S2 1,536 bytes each.

use crate::field::{Annotate, Fault, Field, Reader, Unit, fields};

mod digest;
pub use digest::{DIGEST_SIZE, Layout, Speaker, digest_layout, digest_of, sign, signature_matches};

/// Bytes of C1, C2, S1 and S2.
pub const PACKET: usize = 1536;

/// What the first byte of a connection says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(pub u8);

impl Version {
    /// Plain RTMP.
    pub const PLAIN: Version = Version(3);

    /// The three encrypted variants.
    pub fn is_encrypted(self) -> bool {
        matches!(self.0, 6 | 8 | 9)
    }
}

/// How C1 or S1 was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Time, zero or a version, random bytes.
    Simple,
    /// With a valid digest in one of two places.
    Digest(Layout),
}

impl Form {
    /// Recognises the form by computing the digest at both places.
    pub fn of(packet: &[u8; PACKET], speaker: Speaker) -> Form {
        digest_layout(packet, speaker).map_or(Form::Simple, Form::Digest)
    }

    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            Form::Simple => "simple",
            Form::Digest(Layout::DigestFirst) => "digest_first",
            Form::Digest(Layout::KeyFirst) => "key_first",
        }
    }
}

/// How C2 answers S1, or S2 answers C1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// All 1,536 bytes are the same.
    Exact,
    /// As the specification says: the same but for the second time.
    Spec,
    /// Not an echo, but signed with the other side's digest.
    Signed,
    /// Neither.
    Different,
}

impl Echo {
    /// Compares `packet` (C2 or S2, sent by `speaker`) with the packet that it answers.
    pub fn of(packet: &[u8; PACKET], answered: &[u8; PACKET], speaker: Speaker) -> Echo {
        if let Some(layout) = digest_layout(answered, speaker.other())
            && signature_matches(packet, &digest_of(answered, layout), speaker)
        {
            return Echo::Signed;
        }
        match (packet.split_first_chunk::<8>(), answered.split_first_chunk::<8>()) {
            _ if packet == answered => Echo::Exact,
            (Some(([t0, t1, t2, t3, ..], rest)), Some(([u0, u1, u2, u3, ..], other)))
                if rest == other && [t0, t1, t2, t3] == [u0, u1, u2, u3] =>
            {
                Echo::Spec
            }
            _ => Echo::Different,
        }
    }

    /// The word used in events.
    pub fn name(self) -> &'static str {
        match self {
            Echo::Exact => "exact",
            Echo::Spec => "spec",
            Echo::Signed => "signed",
            Echo::Different => "none",
        }
    }
}

/// Reads C0 and C1, or S0 and S1.
pub fn read_first<A: Annotate>(r: &mut Reader<'_, A>, form: Form) -> Result<Version, Fault> {
    let version = Version(r.u8(&f::VERSION)?);
    r.u32(&f::TIME)?;
    match form {
        Form::Simple => {
            r.u32(&f::ZERO)?;
            r.bytes(&f::RANDOM, PACKET - 8)?;
        }
        Form::Digest(layout) => {
            r.u32(&f::PEER_VERSION)?;
            // The offset of the digest follows from bytes that were just verified, so it is looked up, not read.
            let start = r.at() - 8;
            let packet = r.peek();
            let offset = layout.offset_ahead(packet, 8);
            let pointer = layout.pointer();
            for (at, len, field) in [(pointer, 4, &f::DIGEST_POINTER), (offset, DIGEST_SIZE, &f::DIGEST)] {
                random_until(r, start + at)?;
                r.bytes(field, len)?;
            }
            random_until(r, start + PACKET)?;
        }
    }
    Ok(version)
}

fn random_until<A: Annotate>(r: &mut Reader<'_, A>, end: usize) -> Result<(), Fault> {
    match end.checked_sub(r.at()) {
        Some(0) => Ok(()),
        Some(len) => r.bytes(&f::RANDOM, len).map(drop),
        None => Err(r.malformed(&"the digest overlaps its pointer")),
    }
}

/// Reads C2 or S2.
pub fn read_second<A: Annotate>(r: &mut Reader<'_, A>, echo: Echo) -> Result<(), Fault> {
    if echo == Echo::Signed {
        r.bytes(&f::RANDOM, PACKET - DIGEST_SIZE)?;
        r.bytes(&f::SIGNATURE, DIGEST_SIZE)?;
    } else {
        r.u32(&f::TIME_ECHO)?;
        r.u32(&f::TIME_READ)?;
        r.bytes(&f::ECHO, PACKET - 8)?;
    }
    Ok(())
}

fn version_name(version: u64) -> Option<&'static str> {
    Some(match version {
        0..=2 => "deprecated",
        3 => "plain RTMP",
        6 => "RTMPE: Diffie-Hellman and RC4",
        8 => "RTMPE with XTEA-signed answers",
        9 => "RTMPE with Blowfish-signed answers",
        4..=31 => "reserved",
        _ => "not allowed: looks like a text protocol",
    })
}

/// Fields of the handshake.
pub mod f {
    use super::*;
    fields! {
        /// C0 or S0.
        VERSION = Field::new("version", "version of the protocol that the sender speaks").numbers(version_name);
        /// Clock of the sender.
        TIME = Field::new("time", "clock of the sender, from any origin").unit(Unit::Milliseconds);
        /// Four bytes that should be zero.
        ZERO = Field::new("zero", "should be 0; a version of the player or server where a digest is tried");
        /// Version of the player or server.
        PEER_VERSION = Field::new("peer_version", "version of the player or server, four bytes");
        /// Where the digest stands.
        DIGEST_POINTER = Field::new("digest_pointer", "four bytes whose sum says where the digest stands");
        /// The digest.
        DIGEST = Field::new("digest", "HMAC-SHA256 over the rest of the packet, verified");
        /// Random bytes.
        RANDOM = Field::new("random", "arbitrary bytes");
        /// Echoed clock.
        TIME_ECHO = Field::new("time_echo", "clock of the other side, as it stood in its packet")
            .unit(Unit::Milliseconds);
        /// Second clock.
        TIME_READ = Field::new("time_read", "when that packet was read; many senders repeat its bytes instead");
        /// Echoed bytes.
        ECHO = Field::new("echo", "the random bytes of the other side");
        /// Signature of an answer.
        SIGNATURE = Field::new("signature", "HMAC-SHA256 with a key made from the other side's digest, verified");
    }
}

#[cfg(test)]
mod tests;
