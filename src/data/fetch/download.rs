//! Downloading one file, however often the connection breaks.
//!
//! Bytes go to `<file>.part`, which is renamed when it is whole: as long as the server announced, and what was asked for by the check of
//! whoever wants it. A download that breaks off goes on where it was, also in a later run of the program, provided that the server
//! says the file is still the same (`If-Range` with its `ETag`, or its date): two halves of different files are never glued.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Agent, Body};

use super::part::{self, Origin, Part};
use crate::util::{Cancel, Context, Error, Kind, Result};

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

/// One file to download.
pub struct Download<'a> {
    /// What it is, for messages: `'cat'`.
    pub what: &'a str,
    /// Where it comes from.
    pub url: &'a str,
    /// When to give up.
    pub patience: Patience,
    /// Looked at all the time.
    pub cancel: &'a Cancel,
    /// Says what is wrong with a file that seems to be whole, if anything is.
    pub check: &'a dyn Fn(&mut File) -> Result<()>,
    /// What to do if that is always wrong.
    pub if_wrong: &'a str,
    /// What to do if the server does not have it.
    pub if_missing: &'a str,
}

/// How an attempt went, if nothing is wrong for good.
enum Attempt {
    /// Everything is here, it seems. True if it came in several pieces.
    Whole(bool),
    /// It broke off, for this reason.
    Again(String),
}

impl Download<'_> {
    /// Downloads to `path`. `progress` is told how many bytes are here, and of how many if the server says it.
    ///
    /// # Errors
    /// If the server does not have the file, or does not answer, or sends something else; if the disk is full. What was downloaded is
    /// kept, unless it is wrong.
    pub fn run(&self, path: &Path, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<()> {
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

    fn attempts(&self, agent: &Agent, path: &Path, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<()> {
        let mut part = Part::open(path)?;
        let (mut furthest, mut failures) = (part.len(), 0);
        loop {
            let attempt = self.attempt(agent, &mut part, progress);
            // Whatever went wrong: if it was asked to stop, that is the reason.
            self.cancel.check()?;
            let why = match attempt? {
                Attempt::Whole(pieces) => match part.check(self.check) {
                    Ok(()) => return part.finish(path),
                    Err(error) if error.kind() == Kind::Cancelled => return Err(error),
                    Err(error) => {
                        part.restart()?;
                        if !pieces {
                            return Err(error.at(self.url).advise(self.if_wrong));
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
                return Err(Error::new(format!("{} could not be downloaded: {why}", self.what))
                    .at(self.url)
                    .advise("Try again later: the download goes on where it broke off."));
            }
            let pause = self.patience.pause.saturating_mul(1 << failures.min(8)).min(Duration::from_secs(30));
            self.wait(pause)?;
        }
    }

    /// Asks once, and takes what comes.
    fn attempt(&self, agent: &Agent, part: &mut Part, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Attempt> {
        let mut request = agent.get(self.url).header(header::ACCEPT_ENCODING, "identity");
        let here = part.resumable(self.url);
        if let Some((bytes, same)) = &here {
            request = request.header(header::RANGE, format!("bytes={bytes}-")).header(header::IF_RANGE, same);
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(ureq::Error::BadUri(why)) => {
                return Err(Error::usage(format!("this is not an address to download from: {why}")).at(self.url));
            }
            Err(error) => return Ok(Attempt::Again(error.to_string())),
        };
        let status = response.status();
        match (status, here) {
            (StatusCode::OK, _) => {
                let length = response.body().content_length();
                part.begin(Origin { url: self.url.to_owned(), same: validator(response.headers()), total: length })?;
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
                return Err(Error::new(format!("the server has no file for {} ({status})", self.what))
                    .at(self.url)
                    .advise(self.if_missing));
            }
            _ => return Err(Error::new(format!("the server says {status}, which is of no use here")).at(self.url)),
        }
        self.take(response, part, progress)
    }

    /// Appends the body to the part.
    fn take(&self, response: Response<Body>, part: &mut Part, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Attempt> {
        use std::io::Read;
        let pieces = part.len() > 0;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            progress(part.len(), part.total());
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
pub(in crate::data) fn forget_part(path: &Path) {
    for leftover in part::beside(path) {
        // If it stays, the next download looks at it and starts anew.
        let _ = fs::remove_file(leftover);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
