use crate::program::Program;

#[test]
fn the_schema_is_applied_once() {
    let program = Program::new();
    let run = || {
        let output = program.run(&["migrate"]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let first = run();
    assert!(first.lines().all(|line| line.starts_with("Applied 0")) && !first.is_empty(), "{first}");
    assert_eq!(run(), "The database already has the schema of this version.\n");
}
