//! The binary: a thin door to the library.

fn main() -> std::process::ExitCode {
    rtmpscope::cli::main()
}
