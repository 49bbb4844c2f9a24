//! The digest form: where digests stand, and how they are computed (HMAC-SHA256 with well-known keys).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::PACKET;

/// Bytes of a digest or signature.
pub const DIGEST_SIZE: usize = 32;

const PLAYER: &[u8] = b"Genuine Adobe Flash Player 001";
const SERVER: &[u8] = b"Genuine Adobe Flash Media Server 001";
const TAIL: [u8; 32] = [
    0xf0, 0xee, 0xc2, 0x4a, 0x80, 0x68, 0xbe, 0xe8, 0x2e, 0x00, 0xd0, 0xd1, 0x02, 0x9e, 0x7e, 0x57, 0x6e, 0xec, 0x5d,
    0x2d, 0x29, 0x80, 0x6f, 0xab, 0x93, 0xb8, 0xe6, 0x36, 0xcf, 0xeb, 0x31, 0xae,
];

/// Who sent a packet: each side has its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The client.
    Client,
    /// The server.
    Server,
}

impl Speaker {
    /// The other side.
    pub fn other(self) -> Speaker {
        match self {
            Speaker::Client => Speaker::Server,
            Speaker::Server => Speaker::Client,
        }
    }

    fn key(self) -> &'static [u8] {
        match self {
            Speaker::Client => PLAYER,
            Speaker::Server => SERVER,
        }
    }
}

/// The two places for a digest. Numbered "scheme 0 and 1" elsewhere, but not everywhere the same way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The digest block comes first, then the key block.
    DigestFirst,
    /// The key block comes first.
    KeyFirst,
}

impl Layout {
    /// Offset of the four pointer bytes.
    pub fn pointer(self) -> usize {
        match self {
            Layout::DigestFirst => 8,
            Layout::KeyFirst => 772,
        }
    }

    /// Offset of the digest in the packet, when `bytes` are those of the packet from offset `skipped` on.
    pub(super) fn offset_ahead(self, bytes: &[u8], skipped: usize) -> usize {
        let at = self.pointer() - skipped;
        let sum: usize = bytes.get(at..at + 4).unwrap_or_default().iter().map(|&b| usize::from(b)).sum();
        self.pointer() + 4 + sum % 728
    }

    fn offset(self, packet: &[u8; PACKET]) -> usize {
        self.offset_ahead(packet, 0)
    }
}

/// The layout whose digest verifies, if one does.
pub fn digest_layout(packet: &[u8; PACKET], speaker: Speaker) -> Option<Layout> {
    [Layout::DigestFirst, Layout::KeyFirst]
        .into_iter()
        .find(|&layout| digest_of(packet, layout) == computed_digest(packet, layout, speaker))
}

/// The 32 bytes at the place of the digest.
pub fn digest_of(packet: &[u8; PACKET], layout: Layout) -> [u8; DIGEST_SIZE] {
    let at = layout.offset(packet);
    packet.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
}

/// Puts a valid digest into a packet.
pub fn sign(packet: &mut [u8; PACKET], layout: Layout, speaker: Speaker) {
    let digest = computed_digest(packet, layout, speaker);
    let at = layout.offset(packet);
    if let Some(place) = packet.get_mut(at..at + DIGEST_SIZE) {
        place.copy_from_slice(&digest);
    }
}

/// Does C2 or S2, sent by `speaker`, carry a signature made with the other side's digest?
pub fn signature_matches(packet: &[u8; PACKET], digest: &[u8; DIGEST_SIZE], speaker: Speaker) -> bool {
    let Some((body, signature)) = packet.split_last_chunk::<DIGEST_SIZE>() else { return false };
    let mut key = speaker.key().to_vec();
    key.extend(TAIL);
    hmac(&hmac(&key, &[digest]), &[body]) == *signature
}

fn computed_digest(packet: &[u8; PACKET], layout: Layout, speaker: Speaker) -> [u8; DIGEST_SIZE] {
    let at = layout.offset(packet);
    let before = packet.get(..at).unwrap_or_default();
    let after = packet.get(at + DIGEST_SIZE..).unwrap_or_default();
    hmac(speaker.key(), &[before, after])
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; DIGEST_SIZE] {
    // HMAC takes keys of any length; the error cannot occur.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; DIGEST_SIZE] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
