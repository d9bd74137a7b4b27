//! Where tensors are computed: chosen, opened and put into words in one place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use candle_core::Device;

use crate::config::DeviceChoice;
use crate::util::{Error, Result};

/// A device that answered.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Where tensors go.
    pub device: Device,
    /// Which it is; never [`DeviceChoice::Auto`].
    pub choice: DeviceChoice,
    /// What it is, and why if it is second best, in one line for people: "CPU (2 threads)", or "no CUDA driver found: using
    /// CPU (2 threads)".
    pub words: String,
}

/// Opens the device. [`DeviceChoice::Auto`] takes the first that answers of NVIDIA card, Apple GPU and CPU, passing over those
/// that this build has no support for.
///
/// # Errors
/// If a device was asked for by name and cannot be had: whoever asked for a GPU should know, so nothing else is taken.
pub fn open(choice: DeviceChoice, threads: usize) -> Result<Opened> {
    let opened = |device, choice, failures: &[String]| Opened { device, choice, words: words(choice, failures, threads) };
    match choice {
        DeviceChoice::Auto => {
            let (taken, failures) = first_that_answers(GPUS.map(|gpu| (gpu, move || probe(gpu))));
            let (device, choice) = taken.unwrap_or((Device::Cpu, DeviceChoice::Cpu));
            Ok(opened(device, choice, &failures))
        }
        DeviceChoice::Cpu => Ok(opened(Device::Cpu, choice, &[])),
        DeviceChoice::Cuda | DeviceChoice::Metal => match probe(choice) {
            Answer::Ready(device) => Ok(opened(device, choice, &[])),
            Answer::NotBuilt => Err(not_built(choice)),
            Answer::Failed { short, full } => {
                let error = Error::new(short).advise("Choose --device cpu, or --device auto for the best there is.").in_window(IN_WINDOW);
                Err(if full.is_empty() { error } else { error.because(full) })
            }
        },
    }
}

/// The device's name for people: "CPU (2 threads)", "NVIDIA GPU (CUDA)".
pub fn name(choice: DeviceChoice, threads: usize) -> String {
    match choice {
        DeviceChoice::Auto => "the best there is".into(),
        DeviceChoice::Cpu => format!("CPU ({threads} thread{})", if threads == 1 { "" } else { "s" }),
        DeviceChoice::Cuda => "NVIDIA GPU (CUDA)".into(),
        DeviceChoice::Metal => "Apple GPU (Metal)".into(),
    }
}

/// What [`open`] will take, as far as that can be said without asking any GPU: "NVIDIA GPU (CUDA), else CPU (2 threads)".
pub fn in_prospect(choice: DeviceChoice, threads: usize) -> String {
    if choice != DeviceChoice::Auto {
        return name(choice, threads);
    }
    let all = GPUS.into_iter().filter(|gpu| gpu.built_in()).chain([DeviceChoice::Cpu]);
    all.map(|device| name(device, threads)).collect::<Vec<_>>().join(", else ")
}

/// Better than the CPU, best first.
const GPUS: [DeviceChoice; 2] = [DeviceChoice::Cuda, DeviceChoice::Metal];

/// What came of asking for a GPU.
enum Answer<D> {
    /// This build has no support for it.
    NotBuilt,
    /// It cannot be used.
    Failed {
        /// Why, in a few words.
        short: String,
        /// What its library said.
        full: String,
    },
    /// It can be used.
    Ready(D),
}

/// Asks one after another until one is ready; also why those before it failed.
fn first_that_answers<D, F: FnOnce() -> Answer<D>>(
    gpus: impl IntoIterator<Item = (DeviceChoice, F)>,
) -> (Option<(D, DeviceChoice)>, Vec<String>) {
    let mut failures = Vec::new();
    for (gpu, ask) in gpus {
        match ask() {
            Answer::Ready(device) => return (Some((device, gpu)), failures),
            Answer::Failed { short, .. } => failures.push(short),
            // Not worth a word: whoever has a CPU build knows no better device.
            Answer::NotBuilt => {}
        }
    }
    (None, failures)
}

fn words(taken: DeviceChoice, failures: &[String], threads: usize) -> String {
    let name = name(taken, threads);
    if failures.is_empty() { name } else { format!("{}: using {name}", failures.join(", ")) }
}

/// What to do about a device that cannot be had, where one is chosen by a list.
const IN_WINDOW: &str = "Choose the processor in Train, or the best there is.";

fn not_built(gpu: DeviceChoice) -> Error {
    let feature = if gpu == DeviceChoice::Metal { "metal" } else { "cuda" };
    Error::usage(format!("this build has no {feature} support"))
        .advise(format!("Build with `cargo build --release --features {feature}`, or choose --device cpu or --device auto."))
        .in_window(IN_WINDOW)
}

/// Asks a GPU.
fn probe(gpu: DeviceChoice) -> Answer<Device> {
    if !gpu.built_in() {
        return Answer::NotBuilt;
    }
    let open = || if gpu == DeviceChoice::Metal { Device::new_metal(0) } else { Device::new_cuda(0) };
    // Two ways to find nothing are panics: candle takes the first of a list of Metal devices that may be empty, and cudarc, built
    // to load the driver's library at run time, panics if there is none. Nothing that could be left half done outlives the call.
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(Ok(device)) => Answer::Ready(device),
        Ok(Err(error)) => failed(gpu, &error.to_string()),
        Err(_) => failed(gpu, ""),
    }
}

/// A GPU's failure in a few words; `full` is what its library said, or nothing if it found nothing to ask.
fn failed<D>(gpu: DeviceChoice, full: &str) -> Answer<D> {
    let has = |codes: &[&str]| codes.iter().any(|code| full.contains(code));
    let short = match gpu {
        DeviceChoice::Metal if full.is_empty() => "no Apple GPU found",
        DeviceChoice::Metal => "the Apple GPU cannot be used",
        _ if full.is_empty() || has(&["CUDA_ERROR_STUB_LIBRARY"]) => "no CUDA driver found",
        _ if has(&["CUDA_ERROR_NO_DEVICE", "CUDA_ERROR_INVALID_DEVICE"]) => "no NVIDIA card found",
        _ if has(&["CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "CUDA_ERROR_INSUFFICIENT_DRIVER"]) => {
            "the CUDA driver does not fit this build"
        }
        _ => "the NVIDIA card cannot be used",
    };
    Answer::Failed { short: short.into(), full: full.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(cuda: Answer<()>, metal: Answer<()>) -> (DeviceChoice, String) {
        let (taken, failures) = first_that_answers(GPUS.into_iter().zip([cuda, metal]).map(|(gpu, answer)| (gpu, || answer)));
        let choice = taken.map_or(DeviceChoice::Cpu, |((), choice)| choice);
        (choice, words(choice, &failures, 2))
    }

    #[test]
    fn auto_takes_the_best_that_answers_and_says_why() {
        use Answer::{NotBuilt, Ready};
        let cuda = |full| failed(DeviceChoice::Cuda, full);
        let metal = |full| failed(DeviceChoice::Metal, full);
        let no_card = "DriverError(CUDA_ERROR_NO_DEVICE, \"no CUDA-capable device is detected\")";
        let cases = [
            (NotBuilt, NotBuilt, DeviceChoice::Cpu, "CPU (2 threads)"),
            (Ready(()), NotBuilt, DeviceChoice::Cuda, "NVIDIA GPU (CUDA)"),
            (Ready(()), Ready(()), DeviceChoice::Cuda, "NVIDIA GPU (CUDA)"),
            (NotBuilt, Ready(()), DeviceChoice::Metal, "Apple GPU (Metal)"),
            (cuda(""), NotBuilt, DeviceChoice::Cpu, "no CUDA driver found: using CPU (2 threads)"),
            (cuda(no_card), NotBuilt, DeviceChoice::Cpu, "no NVIDIA card found: using CPU (2 threads)"),
            (cuda("out of memory"), NotBuilt, DeviceChoice::Cpu, "the NVIDIA card cannot be used: using CPU (2 threads)"),
            (cuda(""), Ready(()), DeviceChoice::Metal, "no CUDA driver found: using Apple GPU (Metal)"),
            (cuda(""), metal(""), DeviceChoice::Cpu, "no CUDA driver found, no Apple GPU found: using CPU (2 threads)"),
        ];
        for (cuda, metal, takes, says) in cases {
            assert_eq!(auto(cuda, metal), (takes, says.to_owned()));
        }
    }

    #[test]
    fn what_will_be_taken_is_said_without_asking_for_it() {
        assert_eq!(in_prospect(DeviceChoice::Metal, 2), "Apple GPU (Metal)");
        let auto = in_prospect(DeviceChoice::Auto, 1);
        assert!(auto.ends_with("CPU (1 thread)") && auto.contains("else") == GPUS.iter().any(|gpu| gpu.built_in()), "{auto}");
    }

    #[test]
    fn nothing_is_asked_after_one_has_answered() {
        let asks: [Box<dyn FnOnce() -> Answer<()>>; 2] = [Box::new(|| Answer::Ready(())), Box::new(|| panic!("asked in vain"))];
        let (taken, failures) = first_that_answers(GPUS.into_iter().zip(asks));
        assert!(taken.is_some_and(|(_, gpu)| gpu == DeviceChoice::Cuda) && failures.is_empty());
    }

    #[test]
    fn a_device_asked_for_by_name_is_had_or_is_an_error_with_advice() {
        let cpu = open(DeviceChoice::Cpu, 1).expect("always there");
        assert_eq!((cpu.device.is_cpu(), cpu.choice, cpu.words.as_str()), (true, DeviceChoice::Cpu, "CPU (1 thread)"));
        for (gpu, feature) in [(DeviceChoice::Cuda, "cuda"), (DeviceChoice::Metal, "metal")] {
            match open(gpu, 1) {
                Ok(opened) => assert!(gpu.built_in() && opened.choice == gpu && !opened.device.is_cpu()),
                Err(error) => {
                    let text = error.to_string();
                    assert!(text.contains("--device cpu"), "{text}");
                    assert_eq!(text.contains(&format!("this build has no {feature} support")), !gpu.built_in(), "{text}");
                }
            }
        }
    }

    #[test]
    fn auto_always_opens_something() {
        let opened = open(DeviceChoice::Auto, 3).expect("the CPU at the least");
        assert_ne!(opened.choice, DeviceChoice::Auto);
        assert!(opened.words.ends_with(&name(opened.choice, 3)), "{}", opened.words);
    }

    #[test]
    fn stored_names_are_the_command_lines() {
        for (choice, name) in
            [(DeviceChoice::Auto, "auto"), (DeviceChoice::Cpu, "cpu"), (DeviceChoice::Cuda, "cuda"), (DeviceChoice::Metal, "metal")]
        {
            assert_eq!(ron::from_str::<DeviceChoice>(name).expect("a device"), choice);
            assert_eq!(ron::to_string(&choice).expect("text"), name);
        }
    }
}
