//! The Internet checksum (RFC 1071).

/// A sum that may be taken in parts, each of even length but the last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum(u64);

impl Sum {
    pub(super) fn add(self, bytes: &[u8]) -> Sum {
        // The sum does not mind the byte order of its words, nor their width.
        let (words, rest) = bytes.as_chunks::<4>();
        let mut sum: u64 = words.iter().map(|word| u64::from(u32::from_ne_bytes(*word))).sum();
        let mut last = [0; 4];
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        sum += u64::from(u32::from_ne_bytes(last));
        Sum(self.0 + (sum & 0xffff_ffff) + (sum >> 32))
    }

    /// The checksum, in network order.
    pub(super) fn finish(self) -> [u8; 2] {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        (!(sum as u16)).to_ne_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        let sum = Sum::default().add(&[0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7]);
        assert_eq!(sum.finish(), [0x22, 0x0d]);
        let in_parts = Sum::default().add(&[0, 1]).add(&[0xf2, 3, 0xf4, 0xf5]).add(&[0xf6, 0xf7]);
        assert_eq!(in_parts.finish(), [0x22, 0x0d]);
        assert_eq!(Sum::default().add(&[1, 2, 3]).finish(), Sum::default().add(&[1, 2, 3, 0]).finish());
    }
}
