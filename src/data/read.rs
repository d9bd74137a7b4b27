//! Reading a file of drawings with all cores.
//!
//! One thread (the caller's) reads blocks of whole lines, unpacking them where the file is packed; a pool parses them; the parts
//! are joined in order. Never more than a few blocks are in memory beside the drawings themselves, and no line is kept that is
//! longer than any drawing's. The file is read and not mapped: a mapped file that another program cuts short ends the process.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use memchr::{memchr, memchr_iter, memmem, memrchr};

use super::drawings::Drawings;
use super::line::{self, MAX_LINE_BYTES};
use super::report::ReadReport;
use crate::sketch::Sketch;
use crate::util::{Cancel, Context, Error, Result, threads};

/// Bytes a block, more where a line is longer.
const BLOCK_BYTES: usize = 1 << 20;

/// A packed file may be unpacked to this many bytes, or to [`MOST_TIMES`] its size if that is more: real ones shrink to a quarter.
const UNPACKED_BYTES: u64 = 1 << 30;

/// See [`UNPACKED_BYTES`].
const MOST_TIMES: u64 = 100;

/// A file is looked at up to here for the sign that a program made it, and for a first drawing.
const PEEK_BYTES: u64 = 64 << 10;

/// What a made-up line says of itself.
const PROCEDURAL: &[u8] = br#""procedural":true"#;

/// Reads all drawings of an ndjson file, packed with gzip or not (told by its first bytes, not by its name).
///
/// Bad lines are left out and told in the report; line numbers stay those of the full file. A packed file that breaks off is
/// read as far as it goes. `progress` is called with the bytes of the file that were read and their total.
///
/// # Errors
/// If the file cannot be read, is a folder, is empty or holds no drawing at all; and when cancelled.
pub fn read_file(path: &Path, threads: usize, cancel: &Cancel, progress: &mut dyn FnMut(u64, u64)) -> Result<(Drawings, ReadReport)> {
    read_through(path, threads, cancel, progress, |file| file).map(|(drawings, report, _)| (drawings, report))
}

/// The same, with something between the file and the reading that sees all its bytes; it is given back.
pub(super) fn read_through<R: Read + Send>(
    path: &Path,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, u64),
    through: impl FnOnce(File) -> R,
) -> Result<(Drawings, ReadReport, R)> {
    let (file, total) = open(path)?;
    let packed = is_packed(&file).context_at("cannot read the file", path)?;
    let done = AtomicU64::new(0);
    let counted = Counted { inner: through(file), done: &done };
    let mut tell = || progress(done.load(Ordering::Relaxed), total);
    let (drawings, mut report, inner) = if packed {
        let unpacked = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, counted));
        let mut blocks = Blocks::new(Bounded { inner: unpacked, left: UNPACKED_BYTES.max(total.saturating_mul(MOST_TIMES)) });
        let (drawings, report) = parse(&mut blocks, threads, cancel, &mut tell).map_err(|e| e.at(path))?;
        (drawings, report, blocks.source.inner.into_inner().into_inner())
    } else {
        let mut blocks = Blocks::new(counted);
        let (drawings, report) = parse(&mut blocks, threads, cancel, &mut tell).map_err(|e| e.at(path))?;
        if let Some(why) = &report.broken_off {
            return Err(Error::new(format!("cannot read on after line {}: {why}", report.lines)).at(path));
        }
        (drawings, report, blocks.source)
    };
    report.path = path.to_path_buf();
    report.bytes = total;
    report.procedural = is_procedural(path);
    if drawings.is_empty() {
        let first = report.messages().into_iter().next().unwrap_or_else(|| "it has no lines".into());
        return Err(Error::new(format!("no drawing can be read from the file: {first}"))
            .at(path)
            .advise("It should be a file of the Quick, Draw! data set: one JSON object a line, plain or packed with gzip."));
    }
    Ok((drawings, report, inner.inner))
}

/// True if a program made the drawings up: the file's first line says so.
pub fn is_procedural(path: &Path) -> bool {
    // Whoever reads the file itself hears of its faults.
    let head = head(path).unwrap_or_default();
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    memmem::find(line, PROCEDURAL).is_some()
}

/// The first good drawing of a file, in the data frame, without reading the rest; `None` if there is none near its beginning.
///
/// # Errors
/// If the file cannot be read.
pub fn first_drawing(path: &Path) -> Result<Option<Sketch>> {
    let head = head(path).context_at("cannot read the file", path)?;
    let (mut drawings, mut report) = (Drawings::default(), ReadReport::default());
    for line in head.split(|&b| b == b'\n') {
        line::read_line(line, 0, &mut drawings, &mut report);
        if !drawings.is_empty() {
            return Ok(Some(drawings.sketch(0)));
        }
    }
    Ok(None)
}

/// The beginning of a file, unpacked.
fn head(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let mut head = Vec::new();
    if is_packed(&file)? {
        MultiGzDecoder::new(file).take(PEEK_BYTES).read_to_end(&mut head)?;
    } else {
        file.take(PEEK_BYTES).read_to_end(&mut head)?;
    }
    Ok(head)
}

/// Opens a plain, not empty file and tells its size.
fn open(path: &Path) -> Result<(File, u64)> {
    let file = File::open(path).map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let error = Error::new("cannot open the drawings").because(error).at(path);
        if missing {
            error
                .advise("`denoodle data fetch CATEGORY` downloads drawings, `denoodle data sample` makes some up.")
                .in_window("Categories downloads drawings.")
        } else {
            error
        }
    })?;
    let meta = file.metadata().context_at("cannot read the file", path)?;
    if meta.is_dir() {
        return Err(Error::usage("this is a folder, but a file of drawings is needed").at(path).advise("Name one of the files in it."));
    }
    if meta.len() == 0 {
        return Err(Error::new("the file is empty").at(path).advise("Delete it and fetch it again."));
    }
    Ok((file, meta.len()))
}

/// Looks at the first two bytes, without moving on.
fn is_packed(mut file: &File) -> io::Result<bool> {
    use std::io::Seek;
    let mut head = Vec::with_capacity(2);
    file.take(2).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head == [0x1f, 0x8b])
}

/// Tells how many bytes went through.
struct Counted<'a, R> {
    inner: R,
    done: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.done.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Ends in an error where a file made to fill the memory would go on: a few bytes can be packed that unpack to a thousand times as many.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| io::Error::other("it unpacks to far more than drawings do"))?;
        Ok(n)
    }
}

/// A piece of the file.
enum Block {
    /// Whole lines; the file's last may lack its line end.
    Lines(Vec<u8>),
    /// A line too long to be kept, of so many bytes.
    TooLong(u64),
}

/// Cuts a stream at line ends.
struct Blocks<R> {
    source: R,
    /// The beginning of the next block: what stood behind the last line end.
    rest: Vec<u8>,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    fn new(source: R) -> Self {
        Self { source, rest: Vec::new(), ended: false }
    }

    /// The next block; `None` at the end. What was read before an error comes first, then the error, then the end.
    fn next(&mut self, fault: &mut Option<io::Error>) -> Option<Block> {
        let mut block = std::mem::take(&mut self.rest);
        block.reserve(BLOCK_BYTES.saturating_sub(block.len()));
        // Behind here no line end was looked for.
        let mut searched = 0;
        loop {
            while !self.ended && block.len() < searched + BLOCK_BYTES {
                let room = searched + BLOCK_BYTES - block.len();
                match (&mut self.source).take(room as u64).read_to_end(&mut block) {
                    Ok(0) => self.ended = true,
                    Ok(_) => {}
                    Err(error) => {
                        *fault = Some(error);
                        self.ended = true;
                    }
                }
            }
            if self.ended {
                return (!block.is_empty()).then_some(Block::Lines(block));
            }
            if let Some(at) = memrchr(b'\n', &block[searched..]) {
                self.rest = block.split_off(searched + at + 1);
                return Some(Block::Lines(block));
            }
            if block.len() > MAX_LINE_BYTES {
                return Some(self.skip_line(block, fault));
            }
            searched = block.len();
        }
    }

    /// Reads on to the line's end, forgetting what comes.
    fn skip_line(&mut self, mut block: Vec<u8>, fault: &mut Option<io::Error>) -> Block {
        let mut bytes = 0;
        loop {
            if let Some(at) = memchr(b'\n', &block) {
                self.rest = block.split_off(at + 1);
                return Block::TooLong(bytes + at as u64);
            }
            bytes += block.len() as u64;
            block.clear();
            match (&mut self.source).take(BLOCK_BYTES as u64).read_to_end(&mut block) {
                Ok(0) => self.ended = true,
                Ok(_) => continue,
                Err(error) => {
                    *fault = Some(error);
                    self.ended = true;
                }
            }
            return Block::TooLong(bytes);
        }
    }
}

/// What came of one block; its lines are counted from 0.
type Part = (Drawings, ReadReport);

/// Reads here, parses in a pool, joins in order.
fn parse<R: Read>(blocks: &mut Blocks<R>, threads: usize, cancel: &Cancel, tell: &mut dyn FnMut()) -> Result<Part> {
    let pool = threads::pool(threads)?;
    let parts: Mutex<Vec<(usize, Part)>> = Mutex::default();
    let (sender, receiver) = crossbeam_channel::bounded::<(usize, Block)>(threads.max(1) * 2);
    let mut fault = None;
    let stopped: Result<()> = pool.in_place_scope(|scope| {
        for _ in 0..threads.max(1) {
            let (receiver, parts) = (receiver.clone(), &parts);
            scope.spawn(move |_| {
                for (number, block) in receiver {
                    let part = parse_block(&block);
                    // The lock guards a push: nobody can have panicked while holding it.
                    parts.lock().unwrap_or_else(|broken| broken.into_inner()).push((number, part));
                }
            });
        }
        drop(receiver);
        let mut number = 0;
        while let Some(block) = blocks.next(&mut fault) {
            // Fails only if every worker has panicked, which the scope passes on.
            if sender.send((number, block)).is_err() {
                break;
            }
            number += 1;
            tell();
            cancel.check()?;
        }
        drop(sender);
        Ok(())
    });
    stopped?;
    let mut parts = parts.into_inner().unwrap_or_else(|broken| broken.into_inner());
    parts.sort_unstable_by_key(|(number, _)| *number);
    let (drawings, mut report) = join(parts.into_iter().map(|(_, part)| part).collect())?;
    report.broken_off = fault.map(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => "its packed form is cut short".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => format!("its packed form is damaged ({error})"),
        _ => error.to_string(),
    });
    tell();
    Ok((drawings, report))
}

/// Puts the parts of a file together.
fn join(parts: Vec<Part>) -> Result<Part> {
    let too_large = || Error::new("the file holds more than four thousand million points or lines");
    let sum = |of: fn(&Drawings) -> usize| parts.iter().map(|(drawings, _)| of(drawings)).sum::<usize>();
    let mut all = Drawings::default();
    all.points.reserve_exact(sum(|d| d.points.len()));
    all.stroke_ends.reserve_exact(sum(|d| d.stroke_ends.len()));
    for list in [&mut all.drawing_ends, &mut all.lines] {
        list.reserve_exact(sum(Drawings::len));
    }
    let mut report = ReadReport::default();
    for (drawings, part) in parts {
        let first_line = u32::try_from(report.lines).ok().filter(|first| first.checked_add(part.lines as u32).is_some());
        if !all.append(&drawings, first_line.ok_or_else(too_large)?) {
            return Err(too_large());
        }
        report.append(part);
    }
    Ok((all, report))
}

/// Parses whole lines. Blank lines at the very end of a file count as lines like any other, except the nothing behind the last line end.
fn parse_block(block: &Block) -> Part {
    let (mut drawings, mut report) = (Drawings::default(), ReadReport::default());
    match block {
        Block::Lines(bytes) => {
            // About four bytes a point, and room to spare saves growing.
            drawings.points.reserve(bytes.len() / 7);
            let mut start = 0;
            for end in memchr_iter(b'\n', bytes).chain((bytes.last() != Some(&b'\n')).then_some(bytes.len())) {
                line::read_line(&bytes[start..end], report.lines as u32, &mut drawings, &mut report);
                report.lines += 1;
                start = end + 1;
            }
        }
        Block::TooLong(bytes) => {
            let (problem, detail) = line::too_long(*bytes);
            report.add(1, problem, detail);
            report.lines = 1;
        }
    }
    (drawings, report)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, then maybe an error.
    struct Drip<'a>(&'a [u8], usize, Option<io::Error>);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return self.2.take().map_or(Ok(0), Err);
            }
            let n = self.1.min(buffer.len()).min(self.0.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn cut(text: &[u8], drip: usize, error: Option<io::Error>) -> (Vec<u8>, Vec<u64>, Option<String>) {
        let mut blocks = Blocks::new(Drip(text, drip, error));
        let (mut joined, mut long, mut fault) = (Vec::new(), Vec::new(), None);
        while let Some(block) = blocks.next(&mut fault) {
            match block {
                Block::Lines(lines) => joined.extend(lines),
                Block::TooLong(bytes) => long.push(bytes),
            }
        }
        (joined, long, fault.map(|error| error.to_string()))
    }

    #[test]
    fn a_file_that_unpacks_without_end_is_read_to_its_bound() {
        let mut read = Vec::new();
        let mut bounded = Bounded { inner: io::repeat(b'x'), left: 100_000 };
        let error = bounded.read_to_end(&mut read).expect_err("it has no end");
        assert!(error.to_string().contains("far more") && read.len() <= 100_000);
        let mut enough = Bounded { inner: Drip(b"a line\n", 2, None), left: 7 };
        assert_eq!(enough.read_to_end(&mut read).expect("it ends"), 7);
    }

    #[test]
    fn blocks_lose_nothing_but_lines_that_are_too_long() {
        let short = b"a line\n\nanother\n".repeat(200_000);
        assert_eq!(cut(&short, 1 << 16, None), (short.clone(), vec![], None));
        let long = vec![b'x'; 10 << 20];
        let text = [b"one\n", long.as_slice(), b"\ntwo\n", long.as_slice()].concat();
        let (kept, skipped, _) = cut(&text, 1 << 16, None);
        assert_eq!((kept.as_slice(), skipped), (&b"one\ntwo\n"[..], vec![10 << 20, 10 << 20]));
        let (kept, _, fault) = cut(b"one\ntw", 3, Some(io::Error::other("unplugged")));
        assert_eq!((kept.as_slice(), fault.as_deref()), (&b"one\ntw"[..], Some("unplugged")));
    }
}
