//! Whole numbers as the characters of a text: the script reads them with
//! `codePointAt`, and small ones take a byte.
//!
//! A number is the character so many places after `#`, in an alphabet without
//! the backslash and the surrogates: nothing in it ends or bends a string of
//! JavaScript.

/// The largest number that has a character.
const LARGEST: u32 = 0x10_ffff - 0x800 - 1 - FIRST;
/// `#`: after the quotation mark.
const FIRST: u32 = 0x23;

/// Adds a number; one that has no character becomes the largest that has.
pub(super) fn push(out: &mut Vec<u8>, number: u32) {
    let mut code = number.min(LARGEST) + FIRST;
    code += u32::from(code >= u32::from(b'\\'));
    code += 0x800 * u32::from(code >= 0xd800);
    let character = char::from_u32(code).unwrap_or(char::MAX);
    let mut bytes = [0; 4];
    out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// As the script reads them.
    fn read(bytes: &[u8]) -> Vec<u32> {
        let text = std::str::from_utf8(bytes).unwrap();
        text.chars()
            .map(|character| {
                let mut code = u32::from(character);
                code -= 0x800 * u32::from(code >= 0xe000);
                code -= u32::from(code > 0x5c);
                code - FIRST
            })
            .collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let numbers: Vec<u32> = (0..0x1_2000).chain([LARGEST - 1, LARGEST]).collect();
        let mut bytes = Vec::new();
        numbers.iter().for_each(|number| push(&mut bytes, *number));
        assert_eq!(read(&bytes), numbers);
        assert!(!bytes.contains(&b'"') && !bytes.contains(&b'\\'));
        assert!(bytes.iter().all(|byte| *byte >= 0x20));
    }
}
