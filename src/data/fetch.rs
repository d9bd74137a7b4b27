//! Downloading categories from the data set's public bucket, or from a copy of it.
//!
//! Bytes go to `<category>.ndjson.part`, which is renamed when it is whole: as long as the server announced, its first and last
//! lines drawings. A download that breaks off goes on where it was, also in a later run of the program, provided that the server
//! says the file is still the same (`If-Range` with its `ETag`, or its date): two halves of different files are never glued.

mod part;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Agent, Body};

use self::part::{Origin, Part};
use super::{Cache, Folders, catalog, divide, read};
use crate::util::{Cancel, Context, Error, Result, threads};

/// Where the data set's simplified files are.
pub const BUCKET: &str = "https://storage.googleapis.com/quickdraw_dataset/full/simplified";

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetching<'a> {
    /// The category.
    pub category: &'a str,
    /// Bytes that are here.
    pub done: u64,
    /// Of so many, if the server says it.
    pub total: Option<u64>,
}

/// When to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// A connection over which nothing came for so long is given up.
    pub stall: Duration,
    /// So many attempts in a row may bring nothing new.
    pub attempts: u32,
    /// Before the second attempt; doubles with every further one, up to half a minute.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { stall: Duration::from_secs(30), attempts: 5, pause: Duration::from_secs(1) }
    }
}

/// Downloads categories into the folder of drawings: see [`fetch_with`], with the usual patience and the user's cache.
pub fn fetch(
    categories: &[String],
    base: Option<&str>,
    folders: &Folders,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    fetch_with(categories, base, folders, &Cache::for_user(), Patience::default(), cancel, progress)
}

/// Downloads `<base>/<category>.ndjson` for each category; without a base from [`BUCKET`].
///
/// A category that is here already is left as it is. One that has no train/test split then gets the usual one. Gives the files,
/// in the order of the categories.
///
/// # Errors
/// For a name that the data set does not have (without a base), before anything is downloaded; if the server does not have a file,
/// or does not answer, or sends something else; if the disk is full; if made-up drawings are in the place. What was downloaded is kept.
pub fn fetch_with(
    categories: &[String],
    base: Option<&str>,
    folders: &Folders,
    cache: &Cache,
    patience: Patience,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    check_request(categories, base)?;
    let base = base.unwrap_or(BUCKET).trim_end_matches('/');
    let mut files = Vec::with_capacity(categories.len());
    for category in categories {
        let path = match folders.find(category) {
            Some(path) if read::is_procedural(&path) => {
                return Err(Error::new(format!("made-up drawings of '{category}' are in the place of the real ones"))
                    .at(&path)
                    .advise("Move them away, or name another folder with `--data DIR`."));
            }
            Some(path) => path,
            None => {
                let job = Job { category, url: format!("{base}/{}.ndjson", encoded(category)), patience, cancel };
                let path = folders.drawings.join(format!("{category}.ndjson"));
                job.run(&path, progress)?;
                path
            }
        };
        divide::ensure_split(folders, category, cache, threads::available(), cancel)?;
        files.push(path);
    }
    Ok(files)
}

/// Refuses what cannot be downloaded, before anything is: see [`fetch_with`].
pub fn check_request(categories: &[String], base: Option<&str>) -> Result<()> {
    for category in categories {
        catalog::check_name(category)?;
        if base.is_none() && !catalog::is_official(category) {
            let near = catalog::similar(category);
            let advice = if near.is_empty() { String::new() } else { format!("Did you mean {}? ", near.join(", ")) };
            return Err(Error::usage(format!("the data set has no category '{category}'"))
                .advise(format!("{advice}`denoodle data list` lists all 345.")));
        }
    }
    let base = base.unwrap_or(BUCKET);
    if !["http://", "https://"].iter().any(|scheme| base.starts_with(scheme)) {
        return Err(
            Error::usage(format!("'{base}' is not an address to download from")).advise("It should begin with https:// or http://.")
        );
    }
    Ok(())
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986, 2.3).
fn encoded(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// One file to download.
struct Job<'a> {
    category: &'a str,
    url: String,
    patience: Patience,
    cancel: &'a Cancel,
}

/// How an attempt went, if nothing is wrong for good.
enum Attempt {
    /// Everything is here, it seems. True if it came in several pieces.
    Whole(bool),
    /// It broke off, for this reason.
    Again(String),
}

impl Job<'_> {
    /// Downloads to `path`, however often the connection breaks.
    fn run(&self, path: &Path, progress: &mut dyn FnMut(Fetching<'_>)) -> Result<()> {
        let agent = self.agent();
        // Cancelling must not wait for a server that says nothing: a second thread closes the connection.
        let (working, ended) = crossbeam_channel::bounded::<()>(0);
        std::thread::scope(|scope| {
            let (agent_to_stop, cancel) = (agent.clone(), self.cancel);
            let watch = move || {
                while let Err(crossbeam_channel::RecvTimeoutError::Timeout) = ended.recv_timeout(Duration::from_millis(100)) {
                    if cancel.reason().is_some() {
                        return agent_to_stop.shutdown();
                    }
                }
            };
            std::thread::Builder::new().name("denoodle-fetch".into()).spawn_scoped(scope, watch).context("cannot start a thread")?;
            let done = self.attempts(&agent, path, progress);
            drop(working);
            if done.is_err() && part::is_empty(path) {
                forget_part(path);
            }
            done
        })
    }

    fn agent(&self) -> Agent {
        let stall = Some(self.patience.stall);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_resolve(stall)
            .timeout_connect(stall)
            .timeout_send_request(stall)
            .timeout_recv_response(stall)
            .timeout_per_read(stall)
            .user_agent(concat!("denoodle/", env!("CARGO_PKG_VERSION")));
        // A server on this very machine is not to be looked for behind a proxy.
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|host| self.url.starts_with(host));
        if local { config.proxy(None).build().into() } else { config.build().into() }
    }

    fn attempts(&self, agent: &Agent, path: &Path, progress: &mut dyn FnMut(Fetching<'_>)) -> Result<()> {
        let mut part = Part::open(path)?;
        let (mut furthest, mut failures) = (part.len(), 0);
        loop {
            let attempt = self.attempt(agent, &mut part, progress);
            // Whatever went wrong: if it was asked to stop, that is the reason.
            self.cancel.check()?;
            let why = match attempt? {
                Attempt::Whole(pieces) => match part.check() {
                    Ok(()) => return part.finish(path),
                    Err(error) => {
                        part.restart()?;
                        if !pieces {
                            return Err(error.at(&self.url).advise("Is this the address of the data set's simplified files?"));
                        }
                        error.to_string()
                    }
                },
                Attempt::Again(why) => why,
            };
            // A server that breaks off at the same place for ever must not keep us for ever.
            failures = if part.len() > furthest { 0 } else { failures + 1 };
            furthest = furthest.max(part.len());
            if failures >= self.patience.attempts {
                return Err(Error::new(format!("'{}' could not be downloaded: {why}", self.category))
                    .at(&self.url)
                    .advise("Try again later: the download goes on where it broke off."));
            }
            let pause = self.patience.pause.saturating_mul(1 << failures.min(8)).min(Duration::from_secs(30));
            self.wait(pause)?;
        }
    }

    /// Asks once, and takes what comes.
    fn attempt(&self, agent: &Agent, part: &mut Part, progress: &mut dyn FnMut(Fetching<'_>)) -> Result<Attempt> {
        let mut request = agent.get(&self.url).header(header::ACCEPT_ENCODING, "identity");
        let here = part.resumable(&self.url)?;
        if let Some((bytes, same)) = &here {
            request = request.header(header::RANGE, format!("bytes={bytes}-")).header(header::IF_RANGE, same);
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(ureq::Error::BadUri(why)) => {
                return Err(Error::usage(format!("this is not an address to download from: {why}")).at(&self.url));
            }
            Err(error) => return Ok(Attempt::Again(error.to_string())),
        };
        let status = response.status();
        match (status, here) {
            (StatusCode::OK, _) => {
                let length = response.body().content_length();
                part.begin(Origin { url: self.url.clone(), same: validator(response.headers()), total: length })?;
            }
            (StatusCode::PARTIAL_CONTENT, Some((bytes, same))) => {
                let range = content_range(response.headers());
                let fits =
                    range.is_some_and(|(first, total)| first == Some(bytes) && part.total().is_none_or(|known| total == Some(known)));
                if !fits || validator(response.headers()).is_some_and(|now| now != same) {
                    part.restart()?;
                    return Ok(Attempt::Again("the server sent another piece than was asked for".into()));
                }
            }
            // Nothing is left to send, which is well if everything is here.
            (StatusCode::RANGE_NOT_SATISFIABLE, Some((bytes, _))) => {
                if content_range(response.headers()) == Some((None, Some(bytes))) && part.total().is_none_or(|total| total == bytes) {
                    return Ok(Attempt::Whole(true));
                }
                part.restart()?;
                return Ok(Attempt::Again("the file on the server has become shorter".into()));
            }
            (StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS, _) => {
                return Ok(Attempt::Again(format!("the server says {status}")));
            }
            _ if status.is_server_error() => return Ok(Attempt::Again(format!("the server says {status}"))),
            // The bucket says 403 of what it does not have.
            (StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN, _) => {
                return Err(Error::new(format!("the server has no file for '{}' ({status})", self.category))
                    .at(&self.url)
                    .advise("`denoodle data list` lists the data set's categories; `--base URL` names another server."));
            }
            _ => return Err(Error::new(format!("the server says {status}, which is of no use here")).at(&self.url)),
        }
        self.take(response, part, progress)
    }

    /// Appends the body to the part.
    fn take(&self, response: Response<Body>, part: &mut Part, progress: &mut dyn FnMut(Fetching<'_>)) -> Result<Attempt> {
        use std::io::Read;
        let pieces = part.len() > 0;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            progress(Fetching { category: self.category, done: part.len(), total: part.total() });
            self.cancel.check()?;
            match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => part.write(&buffer[..n])?,
                Err(error) => return Ok(Attempt::Again(error.to_string())),
            }
        }
        match part.total() {
            Some(total) if part.len() < total => Ok(Attempt::Again(format!("the connection ended after {} of {total} bytes", part.len()))),
            Some(total) if part.len() > total => {
                part.restart()?;
                Ok(Attempt::Again("more came than was announced".into()))
            }
            _ => Ok(Attempt::Whole(pieces)),
        }
    }

    /// Sleeps, but wakes when cancelled.
    fn wait(&self, pause: Duration) -> Result<()> {
        let until = Instant::now() + pause;
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.cancel.check()?;
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
        Ok(())
    }
}

/// What tells whether the file is still the same: a strong `ETag`, or else its date (RFC 9110, 13.1.5).
fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let strong = text(header::ETAG).filter(|tag| tag.starts_with('"'));
    strong.or_else(|| text(header::LAST_MODIFIED)).map(str::to_owned)
}

/// The first byte and the total of `bytes 5-9/10` or `bytes */10`; `None` where there is `*`.
fn content_range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let (range, total) = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let first = if range == "*" { None } else { Some(range.split_once('-')?.0.parse().ok()?) };
    Some((first, if total == "*" { None } else { Some(total.parse().ok()?) }))
}

/// Removes what an earlier download left beside `path`.
pub(super) fn forget_part(path: &Path) {
    for leftover in part::beside(path) {
        // If it stays, the next download looks at it and starts anew.
        let _ = fs::remove_file(leftover);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        assert_eq!(encoded("The Eiffel Tower"), "The%20Eiffel%20Tower");
        assert_eq!(encoded("t-shirt"), "t-shirt");
        assert_eq!(encoded("é/?"), "%C3%A9%2F%3F");
    }

    #[test]
    fn ranges_are_understood_or_ignored() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, text.parse().expect("a header"));
            content_range(&headers)
        };
        assert_eq!(of("bytes 5-9/10"), Some((Some(5), Some(10))));
        assert_eq!(of("bytes */10"), Some((None, Some(10))));
        assert_eq!(of("bytes 5-9/*"), Some((Some(5), None)));
        for bad in ["5-9/10", "bytes 59/10", "bytes x-9/10", "bytes 5-9", "bytes 5-9/-1"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
