//! Proof of origin: which program wrote a capture. A capture may name files to be read (sent files), and only captures written by
//! this program on this machine may have them read without consent.
//!
//! Each capture is signed with a secret that stays on this machine. A capture can be given away: its signature is valid for no other
//! capture.

use siphasher::sip128::{Hasher128, SipHasher24};
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const KEY_LEN: usize = 16;

/// The secret key.
type Key = [u8; KEY_LEN];

/// Path of the key file.
static KEPT_AT: OnceLock<PathBuf> = OnceLock::new();
static KEY: OnceLock<Key> = OnceLock::new();

/// Sets the path of the key file, which identifies captures written on this machine and is created on first use. Without it, or if
/// it cannot be written, only captures of this process are recognised. Only the first call has an effect.
pub fn keep_origin_at(path: PathBuf) {
    KEPT_AT.set(path).ok(); // only the first call counts
}

/// The signature of a new capture.
pub(super) fn signature(created_unix_ns: i64, endpoint: &str) -> String {
    signed(KEY.get_or_init(kept), created_unix_ns, endpoint)
}

fn signed(key: &Key, created_unix_ns: i64, endpoint: &str) -> String {
    let mut hasher = SipHasher24::new_with_key(key);
    hasher.write(&created_unix_ns.to_le_bytes());
    hasher.write(endpoint.as_bytes());
    format!("{:032x}", hasher.finish128().as_u128())
}

fn kept() -> Key {
    let Some(path) = KEPT_AT.get() else { return new_key() };
    read_or_make(path).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), %error, "later runs will not recognise the captures of this run as their own");
        new_key()
    })
}

/// Reads the key file, or creates it if it does not exist.
fn read_or_make(path: &Path) -> io::Result<Key> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    super::platform::create_private_folders(folder)?;
    let key = new_key();
    // Readable only by the owner.
    let mut file = tempfile::Builder::new().prefix(".origin-").tempfile_in(folder)?;
    file.write_all(&key)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(key),
        // Another process created it first: use its key.
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(failed) => Err(failed.error),
    }
}

fn read(path: &Path) -> io::Result<Key> {
    let is_file = fs::metadata(path)?.is_file();
    let mut bytes = Vec::new();
    if is_file {
        File::open(path)?.take(KEY_LEN as u64 + 1).read_to_end(&mut bytes)?;
    }
    bytes.try_into().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a key file"))
}

/// Derived from the random numbers that the system provides for hash maps of the standard library: 128 secret bits.
fn new_key() -> Key {
    let random = RandomState::new();
    let part = |number: u64| {
        let mut hasher = random.build_hasher();
        hasher.write_u64(number);
        hasher.finish()
    };
    (u128::from(part(1)) << 64 | u128::from(part(2))).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_found_again_and_what_is_no_key_stays() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("new").join("key");
        let key = read_or_make(&path).expect("made");
        assert_eq!(read_or_make(&path).expect("read"), key);
        assert_ne!(new_key(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, b"short").expect("written");
        assert!(read_or_make(&path).is_err());
        assert_eq!(fs::read(&path).expect("read"), b"short");
    }

    #[test]
    fn a_signature_is_of_one_capture_and_one_key() {
        let (key, other) = ([1; KEY_LEN], [2; KEY_LEN]);
        let one = signed(&key, 5, "tcp://127.0.0.1:1");
        assert_eq!(one, signed(&key, 5, "tcp://127.0.0.1:1"));
        for different in [
            signed(&other, 5, "tcp://127.0.0.1:1"),
            signed(&key, 6, "tcp://127.0.0.1:1"),
            signed(&key, 5, "tcp://127.0.0.1:2"),
        ] {
            assert_ne!(one, different);
        }
    }
}
