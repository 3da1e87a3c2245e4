package matrix

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// pairs are the pairs of one type, with each fault of a write that the sandbox can do.
func pairs(typeName string) []pair {
	var out []pair
	for _, f := range append([]fault{{}}, faults()...) {
		if f.interrupt || f.refuse || f.inject.Do == sandbox.DoDrip {
			continue
		}
		for _, lag := range []time.Duration{0, 3 * time.Second} {
			for _, alike := range []bool{false, true} {
				out = append(out, pair{typeName, f, lag, alike})
			}
		}
	}
	return out
}

// Two processes with two states work on one source at the same time: neither has, deletes, renames or overwrites an
// object of the other, also if one of them meets a fault. If the answer of a create is lost while the other one
// creates, and nothing distinguishes the names, the only new object is adopted with a warning that names it. A run has
// a sample, or every pair with CLOUDSNAP_SOAK_COUNT.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	seed, whole := setting(t, "CLOUDSNAP_SOAK_SEED", 1), setting(t, "CLOUDSNAP_SOAK_COUNT", 0) > 0
	var (
		mu    sync.Mutex
		total tally
		ran   int
	)
	t.Run("pairs", func(t *testing.T) {
		for _, op := range operations() {
			if op.verb != create || rivals()[op.typeName] == "" {
				continue
			}
			for _, d := range acctest.Supporting(op.capability) {
				t.Run(op.name()+" "+d.Descriptor().Name, func(t *testing.T) {
					t.Parallel()
					random := rand.New(rand.NewPCG(seed, uint64(len(t.Name()))))
					for _, p := range pairs(op.typeName) {
						if random.IntN(24) > 0 && !whole {
							continue
						}
						var s *soak
						broken := inBubble(t, func(r *recorder) {
							s = newSoak(r, d, true, random)
							s.playPair(p)
						})
						mu.Lock()
						total.add(s.count)
						ran++
						mu.Unlock()
						if len(broken) > 0 {
							t.Errorf("%s: %q", p, broken)
						}
					}
				})
			}
		}
	})
	t.Logf("seed %d: %d pairs with %d applies; %d faults met a write; %d objects of the other were adopted with a warning",
		seed, ran, total.applies, total.reached, total.adopted)
}
