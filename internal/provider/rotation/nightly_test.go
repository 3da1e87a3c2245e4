package rotation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// nightly is a rotation of one cloud in a configuration with all clouds.
type nightly struct {
	c      acctest.Case
	source driver.Ref
	// keep are the rules, by the names of the attributes.
	keep map[string]int
	// expected are the snapshots that the rules keep, as computed by the test.
	expected []simkit.Snapshot
}

// rulesFor are rules that the slots of a source permit, with another combination for each cloud.
func rulesFor(c acctest.Case, number, slots int) map[string]int {
	switch {
	case c.Limits.SingleSnapshot():
		return map[string]int{"keep_last": 1}
	case slots > 0:
		return map[string]int{"keep_last": slots - 1}
	case number%2 == 0:
		return map[string]int{"keep_last": 2, "keep_daily": 5, "keep_weekly": 3, "keep_monthly": 2}
	default:
		return map[string]int{"keep_last": 3, "keep_weekly": 4}
	}
}

// hcl is the rotation as a resource.
func (n *nightly) hcl() string {
	lines := []string{
		fmt.Sprintf("cloud = %q", n.c.Name), fmt.Sprintf("source_id = %q", n.source.SourceID), `interval = "24h"`,
	}
	if n.source.Location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", n.source.Location))
	}
	for name, count := range n.keep {
		lines = append(lines, fmt.Sprintf("%s = %d", name, count))
	}
	return fmt.Sprintf("resource \"cloudsnap_snapshot_rotation\" %q {\n  %s\n}\n", n.c.Name,
		strings.Join(lines, "\n  "))
}

// night checks that the cloud has one snapshot more than the rules have kept, and what they keep of all now.
func (n *nightly) night(t *testing.T, s *acctest.Sandbox, foreign []string) {
	t.Helper()
	var all, created []simkit.Snapshot
	for _, snap := range s.Inventory()[n.c.Name].Snapshots {
		if snap.SourceID == n.source.SourceID && !slices.Contains(foreign, snap.SnapshotID) {
			all = append(all, snap)
		}
	}
	for _, snap := range all {
		if !slices.ContainsFunc(n.expected, func(e simkit.Snapshot) bool { return e.SnapshotID == snap.SnapshotID }) {
			created = append(created, snap)
		}
	}
	if len(created) != 1 {
		t.Fatalf("%s: %d snapshots were taken in one night", n.c.Name, len(created))
	}
	n.expected = kept(append(n.expected, created...), n.keep)
	if got, want := snapshotIDs(all), snapshotIDs(n.expected); !slices.Equal(got, want) {
		t.Fatalf("%s: the cloud has %v, and the rules keep %v", n.c.Name, got, want)
	}
}

func snapshotIDs(list []simkit.Snapshot) []string {
	var ids []string
	for _, s := range list {
		ids = append(ids, s.SnapshotID)
	}
	slices.Sort(ids)
	return ids
}

// kept applies the rules by grouping: another way than that of the engine.
func kept(list []simkit.Snapshot, rules map[string]int) []simkit.Snapshot {
	slices.SortFunc(list, func(a, b simkit.Snapshot) int { return b.CreatedAt.Compare(a.CreatedAt) })
	keep := map[string]bool{}
	for rule, key := range map[string]func(simkit.Snapshot) string{
		"keep_last":  func(s simkit.Snapshot) string { return s.SnapshotID },
		"keep_daily": func(s simkit.Snapshot) string { return s.CreatedAt.UTC().Format(time.DateOnly) },
		"keep_weekly": func(s simkit.Snapshot) string {
			year, week := s.CreatedAt.UTC().ISOWeek()
			return fmt.Sprint(year, " ", week)
		},
		"keep_monthly": func(s simkit.Snapshot) string { return s.CreatedAt.UTC().Format("2006-01") },
	} {
		newest := map[string]simkit.Snapshot{}
		var periods []string
		for _, s := range list {
			if _, found := newest[key(s)]; !found {
				newest[key(s)] = s
				periods = append(periods, key(s))
			}
		}
		for _, period := range periods[:min(rules[rule], len(periods))] {
			keep[newest[period].SnapshotID] = true
		}
		if rules[rule] > len(periods) {
			keep[list[len(list)-1].SnapshotID] = true
		}
	}
	return slices.DeleteFunc(list, func(s simkit.Snapshot) bool { return !keep[s.SnapshotID] })
}

// A nightly apply for forty days, or for nine with -short, at all clouds at once: after each night the clouds have
// exactly what the rules keep.
func TestTFRotation_fortyNights(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	var rotations []*nightly
	var foreign []string
	config := acctest.ProviderConfig
	for i, d := range acctest.Drivers() {
		c := s.Case(t, d.Descriptor().Name)
		source := c.Sources[0]
		foreign = append(foreign, atCloud(s, c, source)...)
		slots := 0
		for _, src := range s.Inventory()[c.Name].Sources {
			if src.SourceID == source.SourceID {
				slots = src.Slots - len(atCloud(s, c, source))
			}
		}
		n := &nightly{c: c, source: source, keep: rulesFor(c, i, slots)}
		rotations = append(rotations, n)
		config += n.hcl()
	}
	cli := acctest.NewCLI(t, s, config)
	advanceTo(s, 2, 0)
	nights := 40
	if testing.Short() {
		nights = 9
	}
	for night := range nights {
		cli.Apply(t).MustSucceed(t)
		for _, n := range rotations {
			n.night(t, s, foreign)
		}
		if night%13 == 0 {
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
		}
		s.Advance(day)
	}
	cli.Destroy(t).MustSucceed(t)
	for _, n := range rotations {
		if rest := without(atCloud(s, n.c, n.source), foreign); len(rest) > 0 {
			t.Errorf("%s: after the destroy the cloud has %v", n.c.Name, rest)
		}
	}
}
