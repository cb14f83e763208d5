//! What people and other programs hand over: secrets and names in files, arguments and variables, read in one way.
//!
//! Editors, shells and messengers add to a text what is no part of it: a byte order mark, line ends, characters that
//! nobody sees. What a text means without them is the business of `wicketgate-text`, here as in the pages.

use std::{
    fs::File,
    io::{self, BufRead as _, ErrorKind, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// More bytes than any secret has. A file that is longer is another file.
const LONGEST: u64 = 4 * 1_024;

/// The name that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Reads a password from a file, or for `-` the first line of standard input. What is stretched of it, a
/// [`Password`](wicketgate_client::Password) says.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub(crate) fn password(flag: &str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    line(flag, path)
}

/// Reads a key or another code from a file, or for `-` the first line of standard input.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub(crate) fn code_in(flag: &str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    line(flag, path).map(|line| code(&line))
}

/// A key, an address or another code that has no spaces of its own: without whatever got between its characters when it
/// was copied.
pub(crate) fn code(text: &str) -> Zeroizing<String> {
    Zeroizing::new(wicketgate_text::code(text).collect())
}

/// A secret that may have spaces of its own, without what is around it.
pub(crate) fn secret(text: &str) -> Zeroizing<String> {
    wicketgate_text::password(text)
}

/// The only line of a file in which there is something to see.
fn line(flag: &str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = text(flag, path)?;
    let mut lines = text
        .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .filter(|line| !wicketgate_text::is_blank(line));
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(Zeroizing::new(line.to_owned())),
        (None, _) => Err(refused(flag, path, "nothing is in it")),
        (Some(_), Some(_)) => Err(refused(flag, path, "it has more than one line")),
    }
}

fn text(flag: &str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = Zeroizing::new(if path.as_os_str() == STANDARD_INPUT {
        first_line().map_err(|error| refused(flag, path, &cause(&error)))?
    } else {
        file(path).map_err(|error| refused(flag, path, &cause(&error)))?
    });
    if bytes.len() as u64 > LONGEST {
        let cause = format!("it is longer than {LONGEST} bytes, so it holds something else");
        return Err(refused(flag, path, &cause));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err(refused(flag, path, "it is UTF-16: save it as UTF-8"));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(refused(flag, path, "it is not UTF-8: save it as UTF-8")),
    }
}

fn file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What follows on standard input stays there, for whoever reads messages from it.
fn first_line() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LONGEST + 1)
        .read_until(b'\n', &mut bytes)?;
    Ok(bytes)
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

fn refused(flag: &str, path: &Path, cause: &str) -> Failure {
    Failure::new(format!(
        "{flag} is `{}`, and that can't be used: {cause}.",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What is read of a file with these bytes: as a password, and as a code.
    fn read(bytes: &[u8]) -> (Result<String, String>, Result<String, String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, bytes).unwrap();
        let text = |read: Result<Zeroizing<String>, Failure>| match read {
            Ok(text) => Ok(text.to_string()),
            Err(failure) => {
                let said = failure.sentence();
                let named = format!("--file is `{}`, and that can't be used: ", path.display());
                let cause = said.strip_prefix(&named).unwrap();
                Err(cause.trim_end_matches('.').to_owned())
            }
        };
        (
            text(password("--file", &path).map(|read| wicketgate_text::password(&read))),
            text(code_in("--file", &path)),
        )
    }

    #[test]
    fn what_an_editor_adds_is_no_part_of_a_secret() {
        for (bytes, password, code) in [
            ("a b", "a b", "ab"),
            ("a b\n", "a b", "ab"),
            ("a b\r\n", "a b", "ab"),
            ("a b\r", "a b", "ab"),
            ("a b\n\n\n", "a b", "ab"),
            ("\n\na b", "a b", "ab"),
            ("\u{feff}a b\r\n", "a b", "ab"),
            ("\u{feff}\u{feff}\u{200e}a b\u{200b}\n", "a b", "ab"),
            ("\u{2060}a\u{ad}b\u{2060}", "ab", "ab"),
            ("  a  b  \n", "a  b", "ab"),
            ("\ta b\t\u{a0}", "a b", "ab"),
            ("a\u{2010}b\u{2212}c", "a\u{2010}b\u{2212}c", "a-b-c"),
            ("zwölf Zeichen", "zwölf Zeichen", "zwölfZeichen"),
            ("\u{200b}\n a b \n\u{feff}\n", "a b", "ab"),
        ] {
            let expected = (Ok(password.to_owned()), Ok(code.to_owned()));
            assert_eq!(read(bytes.as_bytes()), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_in_words() {
        let utf_16 = |bytes: &[u8]| bytes.iter().flat_map(|byte| [*byte, 0]).collect::<Vec<_>>();
        let too_long = vec![b'x'; 4_097];
        for (bytes, cause) in [
            (&b""[..], "nothing is in it"),
            (b"\n", "nothing is in it"),
            (b"   \r\n", "nothing is in it"),
            ("\u{feff}\u{200b}\n".as_bytes(), "nothing is in it"),
            (b"one\ntwo", "it has more than one line"),
            (b"one\r\ntwo\r\n", "it has more than one line"),
            (b"one\rtwo", "it has more than one line"),
            (&utf_16(b"secret"), "it is UTF-16: save it as UTF-8"),
            (
                &[&[0xff, 0xfe][..], &utf_16(b"secret")].concat(),
                "it is UTF-16: save it as UTF-8",
            ),
            (b"\xfe\xff\0s", "it is UTF-16: save it as UTF-8"),
            (b"caf\xe9", "it is not UTF-8: save it as UTF-8"),
            (
                &too_long,
                "it is longer than 4096 bytes, so it holds something else",
            ),
        ] {
            let expected = || Err(cause.to_owned());
            assert_eq!(read(bytes), (expected(), expected()), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        for (path, cause) in [
            (folder.path().to_owned(), "it is a folder"),
            (folder.path().join("none"), "there is no such file"),
        ] {
            let said = password("--password-file", &path).unwrap_err().sentence();
            assert!(said.starts_with("--password-file is `"), "{said}");
            assert!(said.ends_with(&format!(": {cause}.")), "{said}");
        }
    }
}
