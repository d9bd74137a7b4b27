//! Where tensors are computed: chosen and reported in one place.

use candle_core::Device;

use crate::config::DeviceChoice;
use crate::util::{Error, Result};

/// Opens the device, or says why it cannot be had. There is no silent fall back: a person who asked for a GPU should know.
pub fn open(choice: DeviceChoice) -> Result<Device> {
    let missing = |feature: &str| {
        Error::usage(format!("this build has no {feature} support"))
            .advise(format!("Build with `cargo build --release --features {feature}`, or choose --device cpu."))
    };
    let failed = |what: &str, cause: candle_core::Error| Error::new(what).because(cause).advise("Choose --device cpu.");
    match choice {
        DeviceChoice::Cpu => Ok(Device::Cpu),
        DeviceChoice::Cuda if !cfg!(feature = "cuda") => Err(missing("cuda")),
        DeviceChoice::Metal if !cfg!(feature = "metal") => Err(missing("metal")),
        DeviceChoice::Cuda => Device::new_cuda(0).map_err(|e| failed("the NVIDIA card cannot be used", e)),
        DeviceChoice::Metal => Device::new_metal(0).map_err(|e| failed("the Apple GPU cannot be used", e)),
    }
}

/// "CPU (2 threads)", "NVIDIA GPU (CUDA)": for people.
pub fn words(choice: DeviceChoice, threads: usize) -> String {
    match choice {
        DeviceChoice::Cpu => format!("CPU ({threads} thread{})", if threads == 1 { "" } else { "s" }),
        DeviceChoice::Cuda => "NVIDIA GPU (CUDA)".into(),
        DeviceChoice::Metal => "Apple GPU (Metal)".into(),
    }
}
