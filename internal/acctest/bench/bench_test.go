package bench_test

import (
	"fmt"
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
// operation is one snapshot of a fleet.
func BenchmarkSnapshots(b *testing.B) {
	for _, name := range clouds() {
		plan := bench.NewPlan(b, name, size)
		for _, step := range bench.Steps() {
			b.Run(fmt.Sprintf("cloud=%s/call=%s", name, step), func(b *testing.B) {
				b.Run("provider=twin", func(b *testing.B) {
					b.ReportAllocs()
					for i := 0; b.Loop(); i++ {
						plan.Twin(b, step, i)
					}
				})
				b.Run("provider=cloudsnap", func(b *testing.B) {
					b.ReportAllocs()
					before := plan.Calls()
					for i := 0; b.Loop(); i++ {
						plan.Provider(b, step, i)
					}
					b.ReportMetric(float64(plan.Calls()-before)/float64(b.N), "calls/op")
				})
				// In turns, so that the load of the machine is the same for both.
				b.Run("provider=both", func(b *testing.B) {
					var own, idle time.Duration
					for i := 0; b.Loop(); i++ {
						start := time.Now()
						plan.Provider(b, step, i)
						middle := time.Now()
						plan.Twin(b, step, i)
						own, idle = own+middle.Sub(start), idle+time.Since(middle)
					}
					b.ReportMetric(0, "ns/op")
					b.ReportMetric(float64(own)/float64(idle), "x-twin")
				})
			})
		}
	}
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
