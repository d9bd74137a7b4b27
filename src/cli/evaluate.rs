//! `denoodle evaluate`.

use std::path::PathBuf;

use denoodle::eval::reference::FeatureCache;
use denoodle::eval::{Protocol, Scores, report};
use denoodle::session::{Command, EvaluateRequest, Outcome, Source, Subject};
use denoodle::util::number::plain;
use denoodle::util::{Error, Result, clock};

use super::common::{Machine, whole};
use super::follow::say;
use super::{Place, follow, print, print_json};

/// Score a model's drawings against real test drawings.
///
/// Prints FID, KID, precision, recall, recognisability, copying and the characteristics of strokes, each with its floor: what real training drawings get against the same
/// test drawings. With --out it also writes scores.json, tables (CSV, Markdown, LaTeX) and a picture of real and generated drawings.
///
/// Give --category several times, with one model for all or one for each, for a table of several categories.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A shipped model (cat, bus, rabbit, base, cat-latent), a .safetensors file or a run folder; may be given several times
    #[arg(long, value_name = "MODEL", required_unless_present_any = ["drawings", "explain", "list_cache", "clear_cache"], conflicts_with = "drawings")]
    model: Vec<PathBuf>,
    /// Drawings made elsewhere (.ndjson, .ndjson.gz) instead of a model; they have no seed
    #[arg(long, value_name = "FILE", requires = "category")]
    drawings: Vec<PathBuf>,
    /// What the drawings should show; needed only if the model knows several categories
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// Drawings for each seed; FID of fewer than the extractor has features means little
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = whole::<usize>("call.scored"))]
    count: usize,
    /// What looks at the drawings: sketch (a small network of this project), pytorch-fid or clean-fid (Inception)
    #[arg(long, value_name = "NAME", default_value = "sketch", value_parser = protocol)]
    protocol: Protocol,
    /// Draw so many times with a seed each
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole::<usize>("call.seeds"))]
    seeds: usize,
    /// The first seed; the others follow it
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Look for copies of training drawings with an Inception protocol too, which takes long: every training drawing is looked at
    #[arg(long)]
    copying: bool,
    /// Write scores, tables and pictures into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace scores that are in --out already
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    machine: Machine,
    /// For programs: the content of scores.json, in a list
    #[arg(long)]
    json: bool,
    /// Say what every score means, and do nothing else
    #[arg(long, exclusive = true)]
    explain: bool,
    /// List the kept features of real drawings, and do nothing else
    #[arg(long, exclusive = true)]
    list_cache: bool,
    /// Remove the kept features of real drawings, and do nothing else
    #[arg(long, exclusive = true)]
    clear_cache: bool,
}

/// Scores and prints.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    if arguments.explain {
        return print(&report::explanations());
    }
    if arguments.list_cache {
        return list_cache(&FeatureCache::for_user());
    }
    if arguments.clear_cache {
        let (files, bytes) = FeatureCache::for_user().remove()?;
        return print(&format!("removed {}, {:.1} MB", plain(files, "file", "files"), bytes as f64 / 1e6));
    }
    let sources: Vec<Source> = match arguments.drawings.is_empty() {
        true => arguments.model.into_iter().map(Source::Model).collect(),
        false => arguments.drawings.into_iter().map(Source::Drawings).collect(),
    };
    let as_json = arguments.json;
    let request = EvaluateRequest {
        subjects: subjects(sources, arguments.category)?,
        folders: arguments.place.folders(),
        protocol: arguments.protocol,
        count: arguments.count,
        seed: arguments.seed,
        repetitions: arguments.seeds,
        copying: arguments.copying.then_some(true),
        out: arguments.out,
        replace: arguments.force,
        device: arguments.machine.device,
        threads: arguments.machine.threads(),
    };
    let Outcome::Evaluated { results, files, took } = follow(Command::Evaluate(Box::new(request)))? else {
        return Err(Error::new("stopped before everything was scored; nothing was written"));
    };
    files.iter().for_each(|path| say(&format!("wrote {}", path.display())));
    say(&format!("scored in {}", clock::words(took)));
    let scores: Vec<&Scores> = results.iter().map(|one| &one.scores).collect();
    if as_json { print_json(&scores) } else { print(&report::text(&scores)) }
}

/// A protocol by its name; for clap's `value_parser`.
pub(super) fn protocol(text: &str) -> std::result::Result<Protocol, String> {
    Protocol::named(text).ok_or_else(|| format!("'{text}' is none of {}", Protocol::ALL.map(Protocol::name).join(", ")))
}

/// One source for all categories, one category for all sources, or one for each.
fn subjects(sources: Vec<Source>, categories: Vec<String>) -> Result<Vec<Subject>> {
    let subject = |source: &Source, category: Option<&String>| Subject { source: source.clone(), category: category.cloned() };
    Ok(match (&sources[..], &categories[..]) {
        (sources, []) => sources.iter().map(|source| subject(source, None)).collect(),
        ([source], categories) => categories.iter().map(|category| subject(source, Some(category))).collect(),
        (sources, [category]) => sources.iter().map(|source| subject(source, Some(category))).collect(),
        (sources, categories) if sources.len() == categories.len() => {
            sources.iter().zip(categories).map(|(source, category)| subject(source, Some(category))).collect()
        }
        (sources, categories) => {
            let (some, others) = (plain(sources.len(), "source", "sources"), plain(categories.len(), "category", "categories"));
            let what = format!("{some} and {others} do not go together");
            return Err(Error::usage(what).advise("Name one for all, or as many of the one as of the other, in the same order."));
        }
    })
}

fn list_cache(cache: &FeatureCache) -> Result<()> {
    let Some(folder) = cache.folder() else { return print("features are not kept: DENOODLE_CACHE is off") };
    let all = cache.list()?;
    for cached in &all {
        let what = cached.key.as_ref().map_or_else(|| "cannot be read; it will be made anew".to_owned(), ToString::to_string);
        let name = cached.path.file_name().unwrap_or_default().to_string_lossy();
        print(&format!("{name}  {:.1} MB  {what}", cached.bytes as f64 / 1e6))?;
    }
    let bytes: u64 = all.iter().map(|cached| cached.bytes).sum();
    print(&format!("{}, {:.1} MB, in {}", plain(all.len(), "file", "files"), bytes as f64 / 1e6, folder.display()))
}
