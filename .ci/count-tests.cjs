// Reads a JSON report of vitest: prints "passed failed" on stdout. A file whose tests could not be run counts as one failure.
const report = JSON.parse(require("node:fs").readFileSync(process.argv[2], "utf8"));
const files = report.testResults;
const ofStatus = (file, ...wanted) => file.assertionResults.filter(({ status }) => wanted.includes(status));

const unread = files.filter((file) => file.status === "failed" && ofStatus(file, "failed").length === 0);
for (const file of unread) process.stderr.write(`FAILED: ${file.name}: ${file.message}\n`);
for (const file of files) {
  for (const test of ofStatus(file, "failed")) process.stderr.write(`FAILED: ${file.name}: ${test.fullName}\n`);
  for (const test of ofStatus(file, "pending", "skipped", "todo", "disabled")) {
    process.stderr.write(`skipped: ${file.name}: ${test.fullName}\n`);
  }
}
console.log(report.numPassedTests, report.numFailedTests + unread.length);
