package bench_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/bench"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/twin"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// size is how many snapshots the fleets of the benchmarks have.
const size = 500

// clouds are those whose snapshots are measured: one whose listing is that of an instance, and one with zones.
func clouds() []string { return []string{"contabo", "exoscale"} }

// BenchmarkSnapshots measures each call that a plan makes for a snapshot of the state, and all four together. An
// operation is one snapshot of a fleet, and ten are under way at a time.
func BenchmarkSnapshots(b *testing.B) {
	for _, name := range clouds() {
		plan := bench.NewPlan(b, name, size)
		for _, step := range bench.Steps() {
			b.Run(fmt.Sprintf("cloud=%s/call=%s", name, step), func(b *testing.B) {
				b.Run("provider=twin", func(b *testing.B) {
					parallel(b, func(i int) { plan.Twin(b, step, i) })
				})
				b.Run("provider=cloudsnap", func(b *testing.B) {
					before := plan.Calls()
					parallel(b, func(i int) { plan.Provider(b, step, i) })
					b.ReportMetric(float64(plan.Calls()-before)/float64(b.N), "calls/op")
				})
				// Alternately, so that the load of the machine is the same for both.
				b.Run("provider=both", func(b *testing.B) {
					var own, idle time.Duration
					for b.Loop() {
						own += fleetCPU(b, func(i int) { plan.Provider(b, step, i) })
						idle += fleetCPU(b, func(i int) { plan.Twin(b, step, i) })
					}
					b.ReportMetric(0, "ns/op")
					b.ReportMetric(float64(own.Nanoseconds())/float64(b.N*size), "cpu-ns/snapshot")
					b.ReportMetric(float64(own)/float64(idle), "x-twin")
				})
			})
		}
	}
}

// parallel carries out b.N operations, as many at a time as a CLI does.
func parallel(b *testing.B, do func(i int)) {
	b.Helper()
	b.ReportAllocs()
	b.SetParallelism(max(1, parallelism/runtime.GOMAXPROCS(0)))
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			do(int(next.Add(1)))
		}
	})
}

// fleetCPU carries out an operation for each snapshot of a fleet, as many at a time as a CLI does. It returns the CPU
// time that this process has used meanwhile.
func fleetCPU(b *testing.B, do func(i int)) time.Duration {
	b.Helper()
	start := cpuTime(b)
	var all sync.WaitGroup
	for first := range parallelism {
		all.Go(func() {
			for i := first; i < size; i += parallelism {
				do(i)
			}
		})
	}
	all.Wait()
	return cpuTime(b) - start
}

// BenchmarkSchema measures the start of a provider until its schemas are answered.
func BenchmarkSchema(b *testing.B) {
	none := func(string) string { return "" }
	of := provider.New("bench", acctest.Drivers(), none)
	b.Run("provider=twin", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			schemas(b, providerserver.NewProtocol6(twin.New(of(), acctest.Drivers()))())
		}
	})
	b.Run("provider=cloudsnap", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			schemas(b, providerserver.NewProtocol6(of())())
		}
	})
}

func schemas(b *testing.B, server tfprotov6.ProviderServer) {
	b.Helper()
	resp, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 || len(resp.ResourceSchemas) == 0 {
		b.Fatalf("%v, %+v", err, resp)
	}
}
