package matrix

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// stepsOfSoak is the number of steps of one soak.
const stepsOfSoak = 8

// setting reads a number from the environment.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// A long run with random faults loses nothing, doubles nothing and touches nothing of others: with one process of the
// provider per run, and with one per resource. CLOUDSNAP_SOAK_SEED is the first seed, and CLOUDSNAP_SOAK_COUNT the
// number of applies: each further seed adds a soak for every cloud until it is reached.
func TestSoak(t *testing.T) {
	t.Parallel()
	seed, count := setting(t, "CLOUDSNAP_SOAK_SEED", 1), setting(t, "CLOUDSNAP_SOAK_COUNT", 150)
	var total tally
	for next := seed; uint64(total.applies) < count && !t.Failed(); next++ {
		t.Run("seed "+strconv.FormatUint(next, 10), func(t *testing.T) { soakAll(t, next, &total) })
	}
	t.Logf("seed %d: %s", seed, &total)
}

// soakAll runs the soaks of a seed at all clouds.
func soakAll(t *testing.T, seed uint64, total *tally) {
	t.Helper()
	var mu sync.Mutex
	for i, d := range acctest.Drivers() {
		for stream, processes := range []string{"one process", "one process per resource"} {
			t.Run(d.Descriptor().Name+" "+processes, func(t *testing.T) {
				t.Parallel()
				var s *soak
				broken := inBubble(t, func(r *recorder) {
					s = newSoak(r, d, stream == 1, rand.New(rand.NewPCG(seed, uint64(2*i+stream))))
					s.play(stepsOfSoak)
				})
				mu.Lock()
				defer mu.Unlock()
				if s != nil {
					total.add(s.count)
				}
				if len(broken) > 0 {
					t.Errorf("CLOUDSNAP_SOAK_SEED=%d:\n\t%q\nsteps:\n\t%s", seed, broken, strings.Join(s.steps, "\n\t"))
				}
			})
		}
	}
}
