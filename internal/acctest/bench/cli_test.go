package bench_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/bench"
)

// The environment of a provider that is measured: which binary it is, and the file that gets a line per process.
const (
	envMeasured = "CLOUDSNAP_BENCH_BINARY"
	envUsage    = "CLOUDSNAP_BENCH_USAGE"
)

// Another cloud than Contabo, and another size of the fleet than 500.
const (
	envCloud = "CLOUDSNAP_BENCH_CLOUD"
	envSize  = "CLOUDSNAP_BENCH_SIZE"
)

// envOthers are more builds to measure, with absolute paths, as in "before=PATH gogc200=PATH,GOGC=200".
const envOthers = "CLOUDSNAP_BENCH_OTHERS"

func TestMain(m *testing.M) {
	if binary := os.Getenv(envMeasured); binary != "" {
		if err := measured(binary, os.Getenv(envUsage)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(acctest.TestMain(m))
}

// measured runs a provider in place of this process, and adds a line to a file: the CPU time in seconds, and the peak
// of the resident memory in KiB.
func measured(binary, file string) error {
	cmd := exec.Command(binary, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return err
	}
	peak, err := peakMemory(cmd.ProcessState)
	if err != nil {
		return fmt.Errorf("%s: %w", binary, err)
	}
	cpu := (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%f %d\n", cpu, peak)
	return errors.Join(err, out.Close())
}

// build is one build of a provider, and what is added to its environment.
type build struct {
	name, binary string
	env          []string
	// cpu has the seconds of each plan, peak the largest MiB of a process.
	cpu  []float64
	peak float64
}

// BenchmarkTFPlan measures the provider's processes in a plan of 500 snapshots by a CLI, and those of the twin. An
// operation is one plan by each of them, alternately. The metrics are medians of all operations, and the highest peak.
func BenchmarkTFPlan(b *testing.B) {
	dir := b.TempDir()
	builds := []*build{
		{name: "cloudsnap", binary: compile(b, dir, "cloudsnap", "github.com/cloudsnap/terraform-provider-cloudsnap")},
		{
			name: "twin", binary: compile(b, dir, "twin",
				"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/twin/cmd/terraform-provider-twin"),
		},
	}
	for _, other := range strings.Fields(os.Getenv(envOthers)) {
		name, rest, _ := strings.Cut(other, "=")
		parts := strings.Split(rest, ",")
		binary := parts[0]
		for _, known := range builds {
			if known.name == binary {
				binary = known.binary
			}
		}
		builds = append(builds, &build{name: name, binary: binary, env: parts[1:]})
	}
	fleetSize := size
	if text := os.Getenv(envSize); text != "" {
		var err error
		if fleetSize, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	cli := planned(b, cmp.Or(os.Getenv(envCloud), "contabo"), fleetSize, builds[0].binary)
	for b.Loop() {
		for _, one := range builds {
			one.plan(b, cli)
		}
	}
	idle := median(builds[1].cpu)
	for _, one := range builds {
		b.ReportMetric(median(one.cpu), one.name+"-cpu-s")
		b.ReportMetric(one.peak, one.name+"-peak-MiB")
		b.ReportMetric(median(one.cpu)/idle, one.name+"-x-twin")
	}
	b.ReportMetric(0, "ns/op")
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// compile builds a command as a release is built.
func compile(b *testing.B, dir, name, command string) string {
	b.Helper()
	file := filepath.Join(dir, name)
	cmd := exec.CommandContext(b.Context(),
		"go", "build", "-tags", "release", "-trimpath", "-ldflags", "-s -w", "-o", file, command)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go build %s: %v\n%s", command, err, out)
	}
	return file
}

// planned is a CLI with a fleet in its state, whose provider is this process's own binary and measures another one.
func planned(b *testing.B, cloudName string, size int, binary string) *acctest.CLI {
	b.Helper()
	fleet := bench.NewFleet(b, cloudName, size)
	var config, imports strings.Builder
	for i, id := range fleet.IDs {
		fmt.Fprintf(&config, "resource \"cloudsnap_snapshot\" \"s%d\" {\n", i)
		for name, value := range fleet.Configs[i] {
			fmt.Fprintf(&config, "  %s = %q\n", name, value)
		}
		fmt.Fprintf(&config, "}\n")
		fmt.Fprintf(&imports, "import {\n  to = cloudsnap_snapshot.s%d\n  id = %q\n}\n", i, id)
	}
	cli := acctest.NewCLI(b, fleet.Sandbox, config.String()+imports.String())
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "terraform-provider-cloudsnap")); err != nil {
		b.Fatal(err)
	}
	cli.WriteFile(b, "measured.tfrc", fmt.Sprintf(
		"provider_installation {\n  dev_overrides {\n    \"cloudsnap/cloudsnap\" = %q\n  }\n  direct {}\n}\n", dir))
	cli.Setenv("TF_CLI_CONFIG_FILE="+filepath.Join(cli.Dir, "measured.tfrc"), envMeasured+"="+binary,
		envUsage+"="+filepath.Join(cli.Dir, "usage"))
	cli.Apply(b).MustSucceed(b)
	cli.Write(b, config.String())
	return cli
}

// plan plans with one build, and adds what its processes have used.
func (o *build) plan(b *testing.B, cli *acctest.CLI) {
	b.Helper()
	file := filepath.Join(b.TempDir(), "usage")
	one := *cli
	one.Setenv(append(o.env, envMeasured+"="+o.binary, envUsage+"="+file)...)
	start := time.Now()
	one.Run(b, "plan", "-input=false").MustSucceed(b).MustSay(b, "No changes")
	wall := time.Since(start)
	content, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	total := 0.0
	for line := range strings.Lines(string(content)) {
		var cpu, peak float64
		if _, err := fmt.Sscan(line, &cpu, &peak); err != nil {
			b.Fatal(err)
		}
		total, o.peak = total+cpu, max(o.peak, peak/1024)
	}
	o.cpu = append(o.cpu, total)
	b.Logf("%s: %.2f s CPU, %.2f s wall", o.name, total, wall.Seconds())
}
