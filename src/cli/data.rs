//! `denoodle data`: what drawings there are, and getting more.

mod info;
mod list;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Subcommand, value_parser};
use denoodle::data::{self, Cache, Folders, Imported, SplitPlan, sketchbook, split};
use denoodle::session::{Command, FetchRequest, ImportRequest, Outcome};
use denoodle::util::number::plain;
use denoodle::util::{Cancel, Error, Result, threads};
use indicatif::{ProgressBar, ProgressStyle};

use super::follow::{say, stop_on_signal};
use super::{Place, follow, print};

/// The actions of `denoodle data`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// List the categories and what is on this machine
    List {
        #[command(flatten)]
        place: Place,
        /// Only what is on this machine
        #[arg(long)]
        here: bool,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Look closely at one category: how many drawings, strokes and points, bad lines, what is unusual about its split
    Info(info::Arguments),
    /// Download categories from the Quick, Draw! data set (Google, CC BY 4.0)
    ///
    /// A download that breaks off goes on where it was when the command is given again. Categories that are here already are left
    /// as they are. One without a train/test split gets the usual one: 10 000 to train, 2 000 to test.
    Fetch {
        /// Names as in `denoodle data list`; quote those of several words
        #[arg(required = true, value_name = "CATEGORY")]
        categories: Vec<String>,
        /// Download <URL>/<category>.ndjson instead
        #[arg(long, value_name = "URL")]
        base: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Take over drawings (.ndjson, .ndjson.gz) or splits (subset.zip) that are on this machine
    ///
    /// Files are checked, then copied as they are. Drawings go under the category that their lines name.
    Import {
        /// Files of drawings, or archives of <category>/indices.json
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Replace what is there already
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Make up cats, buses and rabbits, to try everything without a download
    ///
    /// The drawings are procedural: a program draws them with a trembling hand. Every line says so, and so does every model trained on them.
    Sample {
        /// Folder for the drawings; their splits go into its folder `subset` [default: `sample` in the program's own data folder]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Drawings a category
        #[arg(long, default_value_t = sketchbook::USUAL_COUNT, value_name = "N", value_parser = value_parser!(u32).range(2..=1_000_000))]
        count: u32,
        /// Another seed, other drawings
        #[arg(long, default_value_t = 1, value_name = "S")]
        seed: u64,
    },
    /// Divide categories into drawings to train and to test with
    ///
    /// Writes <category>/indices.json: line numbers of the drawings' file from 0, in random order, without repeats, no drawing in both lists.
    Split {
        /// Names as in `denoodle data list`; quote those of several words
        #[arg(required = true, value_name = "CATEGORY")]
        categories: Vec<String>,
        /// Drawings to train with [default: 10000, or five sixths of fewer than 12000]
        #[arg(long, value_name = "N", requires = "test")]
        train: Option<usize>,
        /// Drawings to test with [default: 2000, or a sixth of fewer than 12000]
        #[arg(long, value_name = "N", requires = "train")]
        test: Option<usize>,
        /// Another seed, another choice
        #[arg(long, default_value_t = split::USUAL_SEED, value_name = "S")]
        seed: u64,
        /// Divide the official file by its known size (cat, bus, rabbit), whatever is on this machine
        #[arg(long)]
        official: bool,
        /// Replace a split that is there already: results with the old one can no longer be compared
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Carries it out.
pub(crate) fn run(action: Action) -> Result<()> {
    match action {
        Action::List { place, here, json } => list::run(&place.folders(), here, json),
        Action::Info(arguments) => info::run(arguments),
        Action::Fetch { categories, base, place } => fetch(categories, base, place.folders()),
        Action::Import { files, replace, place } => import(files, replace, &place.folders()),
        Action::Sample { out, count, seed } => sample(out, count as usize, seed),
        Action::Split { categories, train, test, seed, official, replace, place } => {
            let plan = SplitPlan { official, sizes: train.zip(test), seed };
            make_splits(&categories, plan, replace, &place.folders())
        }
    }
}

fn fetch(categories: Vec<String>, base: Option<String>, folders: Folders) -> Result<()> {
    // Here, because a worker's failure no longer tells a wrong call from a failed one.
    data::check_request(&categories, base.as_deref())?;
    let undivided: Vec<_> = categories.iter().filter(|category| !folders.split(category).exists()).cloned().collect();
    let request = FetchRequest { categories, base, folders: folders.clone() };
    let Outcome::Fetched(paths) = follow(Command::Fetch(request))? else {
        return Err(Error::new("stopped; the same command goes on where this one was").with_kind(denoodle::util::Kind::Cancelled));
    };
    for path in paths {
        print(&path.display().to_string())?;
    }
    tell_new_splits(&undivided, &folders);
    Ok(())
}

fn import(files: Vec<PathBuf>, replace: bool, folders: &Folders) -> Result<()> {
    let before = |category: &str| folders.split(category).exists();
    let divided: Vec<_> = data::survey(folders)?.into_iter().map(|info| info.name).filter(|name| before(name)).collect();
    let request = ImportRequest { files, folders: folders.clone(), replace, threads: threads::available() };
    let Outcome::Imported(imported) = follow(Command::Import(Box::new(request)))? else {
        return Err(Error::new("stopped; the files before this one are taken over").with_kind(denoodle::util::Kind::Cancelled));
    };
    for done in imported {
        match done {
            Imported::Drawings { category, path, report } => {
                report.messages().iter().for_each(|message| say(message));
                print(&format!("{category}: {}, now {}", plain(report.drawings, "drawing", "drawings"), path.display()))?;
                if !divided.contains(&category) {
                    tell_new_splits(&[category], folders);
                }
            }
            Imported::Split { category, path, sizes: (train, test) } => {
                print(&format!("{category}: a split of {train} to train and {test} to test with, now {}", path.display()))?;
            }
            Imported::Ignored(name) => say(&format!("left alone: {name}")),
        }
    }
    Ok(())
}

/// Says of which categories a split was made on the way.
fn tell_new_splits(categories: &[String], folders: &Folders) {
    for category in categories {
        if let Ok(split) = split::read(folders, category) {
            let (train, test, path) = (split.train.len(), split.test.len(), folders.split(category));
            say(&format!("{category} had no split; made the usual one ({train} to train, {test} to test with): {}", path.display()));
        }
    }
}

fn sample(out: Option<PathBuf>, count: usize, seed: u64) -> Result<()> {
    let named = out.is_some();
    let folder = out.unwrap_or_else(|| data::user_folder().join("sample"));
    let folders = Folders { subset: folder.join("subset"), drawings: folder.clone() };
    for category in sketchbook::CATEGORIES {
        if let Some(path) = folders.find(category).filter(|path| !data::is_procedural(path)) {
            return Err(Error::usage("made-up drawings are not put in the place of others")
                .at(path)
                .advise("Name another folder with `--out DIR`."));
        }
        let split = folders.split(category);
        if folders.find(category).is_none() && split.exists() {
            return Err(Error::usage("a split of other drawings is here, and made-up ones would need one of their own")
                .at(split)
                .advise("Name another folder with `--out DIR`."));
        }
    }
    for path in sketchbook::write(&folder, count, seed)? {
        print(&path.display().to_string())?;
    }
    let lines: Vec<u64> = (0..count as u64).collect();
    let (train, test) = split::usual_sizes(count);
    for category in sketchbook::CATEGORIES {
        split::write(&folders.split(category), &split::make(&lines, train, test, seed)?)?;
    }
    let quote = if folder.to_string_lossy().contains(' ') { "\"" } else { "" };
    say(&format!(
        "These drawings are procedural: made up by a program, not drawn by people. {train} to train and {test} to test with, each."
    ));
    say(&format!("Train with them: denoodle train --category cat --data {quote}{}{quote} --preset quick", folder.display()));
    if !named {
        say("(`--out DIR` puts them elsewhere.)");
    }
    Ok(())
}

fn make_splits(categories: &[String], plan: SplitPlan, replace: bool, folders: &Folders) -> Result<()> {
    let cancel = cancel_on_signal()?;
    let mut bar = Bar::default();
    // All or nothing: first every split is made, then they are written.
    let mut made = Vec::with_capacity(categories.len());
    for category in categories {
        let mut progress = |done, total| bar.show(&format!("reading {category}"), done, total);
        let split = data::make_split(folders, category, plan, &Cache::for_user(), threads::available(), &cancel, &mut progress)?;
        let path = folders.split(category);
        if !replace && path.exists() && split::read_file(&path).ok().as_ref() != Some(&split) {
            return Err(Error::usage(format!("'{category}' has another split already"))
                .at(path)
                .advise("Add `--replace` to replace it; results with the old one can then no longer be compared."));
        }
        made.push((category, path, split));
    }
    bar.end();
    for (category, path, split) in made {
        split::write(&path, &split)?;
        print(&format!("{category}: {} to train, {} to test with: {}", split.train.len(), split.test.len(), path.display()))?;
    }
    Ok(())
}

/// A token that Ctrl-C cancels.
fn cancel_on_signal() -> Result<Cancel> {
    let cancel = Cancel::default();
    stop_on_signal(cancel.clone())?;
    Ok(cancel)
}

/// How far the reading of a file is: a bar on a terminal, a line now and then elsewhere; nothing for the first second.
#[derive(Debug)]
struct Bar {
    bar: Option<ProgressBar>,
    due: Instant,
    of: String,
}

impl Default for Bar {
    fn default() -> Self {
        Self { bar: None, due: Instant::now() + Duration::from_secs(1), of: String::new() }
    }
}

impl Bar {
    fn show(&mut self, what: &str, done: u64, total: u64) {
        if Instant::now() < self.due {
            return;
        }
        if !std::io::stderr().is_terminal() {
            say(&format!("{what}: {} of {} MB", done / 1_000_000, total / 1_000_000));
            self.due = Instant::now() + Duration::from_secs(10);
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}");
            ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        if self.of != what {
            what.clone_into(&mut self.of);
            bar.set_message(self.of.clone());
        }
        bar.set_length(total);
        bar.set_position(done);
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
