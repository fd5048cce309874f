//! A sum over several pieces that tells them apart: of ("ab", "c") it is
//! another one than of ("a", "bc").

/// A sum that is being made.
#[derive(Default)]
pub struct Digest(blake3::Hasher);

impl Digest {
    /// Adds a piece, behind its length.
    pub fn add(&mut self, piece: impl AsRef<[u8]>) {
        let piece = piece.as_ref();
        self.0.update(&(piece.len() as u64).to_le_bytes());
        self.0.update(piece);
    }

    /// The sum of what was added.
    pub fn finish(&self) -> blake3::Hash {
        self.0.finalize()
    }
}
