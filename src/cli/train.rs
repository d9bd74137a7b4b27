//! `denoodle train`.

use std::path::PathBuf;

use denoodle::config::{DeviceChoice, load};
use denoodle::data::{self, Folders};
use denoodle::session::{Command, Length, Outcome, TrainRequest, stored_run};
use denoodle::util::number::plain;
use denoodle::util::{Error, Result, threads};

use super::common::{device, real, whole};
use super::{Place, follow, print};

/// Train a model to draw a category.
///
/// Everything is saved in the run folder: checkpoints, metrics.jsonl, and run.ron, which is all that is needed to repeat the run.
/// Ctrl-C saves and leaves; --resume goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to learn; may be given several times for one model of several categories
    #[arg(long, value_name = "NAME", required_unless_present_any = ["all", "resume"])]
    category: Vec<String>,
    /// Learn all categories whose drawings and splits are there, in one model
    #[arg(long, conflicts_with = "category")]
    all: bool,
    /// A built-in preset or a .ron file of yours (denoodle presets list) [default: quick; with --from, finetune]
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    #[command(flatten)]
    place: Place,
    /// The run folder [default: runs/<category>-<preset>-<seed>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Train this many steps [default: what the preset says]
    #[arg(long, value_name = "N", conflicts_with = "minutes", value_parser = whole::<u64>("train.steps"))]
    steps: Option<u64>,
    /// Train about this many minutes: the first steps are timed, then the number of steps is fixed and written to run.ron
    #[arg(long, value_name = "M", value_parser = real("call.minutes"))]
    minutes: Option<f64>,
    /// Decides all randomness
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Where to compute: auto (the best there is), cpu, cuda or metal [default: auto; with --resume, what the run was started with]
    #[arg(long, value_name = "DEVICE", value_parser = device)]
    device: Option<DeviceChoice>,
    /// CPU threads [default: all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>("call.threads"))]
    threads: Option<usize>,
    /// Start from the weights of this model: a shipped one (base, cat, bus, rabbit), a .safetensors file or a run folder
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,
    /// Go on with the run in --out; category, preset and seed are those that it was started with
    #[arg(long, requires = "out")]
    resume: bool,
}

/// Trains.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let length = match (arguments.steps, arguments.minutes) {
        (Some(steps), _) => Length::Steps(steps),
        (_, Some(minutes)) => Length::Minutes(minutes),
        _ => Length::Preset,
    };
    let threads = arguments.threads.unwrap_or_else(threads::available);
    let request = match (arguments.resume, arguments.out) {
        (true, Some(out)) => {
            let stored = stored_run(&out)?;
            let place = arguments.place;
            TrainRequest {
                folders: Folders {
                    drawings: place.data.unwrap_or(stored.folders.drawings),
                    subset: place.subset.unwrap_or(stored.folders.subset),
                },
                length: if length == Length::Preset { stored.length } else { length },
                device: arguments.device.unwrap_or(stored.device),
                threads,
                ..stored
            }
        }
        (_, out) => {
            let usual = if arguments.from.is_some() { "finetune" } else { "quick" };
            let preset = load(arguments.preset.as_deref().unwrap_or(usual))?;
            let folders = arguments.place.folders();
            let categories = if arguments.all { data::complete(&folders)? } else { arguments.category };
            let what = if arguments.all { "all".to_owned() } else { categories.join("+") };
            let out =
                out.unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-{}-{}", what.replace(' ', "_"), preset.name, arguments.seed)));
            TrainRequest {
                categories,
                preset,
                folders,
                out,
                length,
                seed: arguments.seed,
                device: arguments.device.unwrap_or_default(),
                threads,
                from: arguments.from,
                resume: false,
                preview: None,
            }
        }
    };
    let out = request.out.clone();
    let made = |steps| plain(steps, "step", "steps");
    match follow(Command::Train(Box::new(request)))? {
        Outcome::Trained { steps, model, complete: true } => print(&format!("trained {}; the model is {}", made(steps), model.display())),
        Outcome::Trained { steps, .. } => {
            let again = format!("denoodle train --resume --out {}", out.display());
            print(&format!("stopped after {}; everything is saved. Go on with: {again}", made(steps)))
        }
        Outcome::Cancelled => Err(Error::new("stopped before there was anything to save")),
        other => Err(Error::new(format!("training ended in an unexpected way: {other:?}"))),
    }
}
