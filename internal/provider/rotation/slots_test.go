package rotation_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// eachLimited runs a story at every cloud that limits the snapshots of a source to three or more. source has no
// snapshot, and slots of them.
func eachLimited(
	t *testing.T, story func(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, slots int),
) {
	t.Helper()
	stories := 0
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			for _, src := range s.Inventory()[c.Name].Sources {
				if ref := (driver.Ref{SourceID: src.SourceID}); src.Slots >= 3 {
					for _, id := range atCloud(s, c, ref) {
						ref.ObjectID = id
						if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), ref); err != nil {
							t.Fatal(err)
						}
					}
					ref.ObjectID = ""
					story(t, s, c, ref, src.Slots)
					stories++
					return
				}
			}
		})
	t.Cleanup(func() {
		if stories == 0 {
			t.Error("no cloud limits the snapshots of a source")
		}
	})
}

// takeForeign takes snapshots that do not belong to a rotation.
func takeForeign(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, n int) []string {
	t.Helper()
	var ids []string
	for i := range n {
		made, _, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), driver.SnapshotSpec{
			SourceID: source.SourceID, Name: fmt.Sprintf("by hand %d", i),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, made.ID)
	}
	return ids
}

// If the snapshots of others fill the slots, the run fails and names the attribute. With delete_oldest_first it makes
// room, but neither with a foreign snapshot nor with the only one of the rotation.
func TestProtocol_slotsFullOfOthers(t *testing.T) {
	t.Parallel()
	eachLimited(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, slots int) {
		t.Helper()
		foreign := takeForeign(t, s, c, source, slots-2)
		nightly := config(source, c, prototest.Values{"keep_last": slots})
		r := started(t, s, c, nightly)
		run(t, r, nightly, prototest.Update)
		s.Advance(day)
		before := owned(t, r)

		r.Refresh(t).MustSucceed(t)
		r.Apply(t, r.Plan(t, nightly)).MustFail(t, "A limit of the account", "Existing snapshots, oldest first",
			"Set delete_oldest_first = true", "No snapshot was deleted")
		if got := owned(t, r); !slices.Equal(got, before) || len(atCloud(s, c, source)) != slots {
			t.Errorf("the state has %v after %v, the cloud %v", got, before, atCloud(s, c, source))
		}

		nightly["delete_oldest_first"] = true
		s.ClearJournal()
		plan := run(t, r, nightly, prototest.Update)
		after := owned(t, r)
		if kept := itemIDs(plan.Values["snapshots"]); len(kept) != 1 || len(after) != 2 || !slices.Contains(after, kept[0]) {
			t.Errorf("the plan keeps %v, and the state has %v after %v", kept, after, before)
		}
		if got := without(atCloud(s, c, source), after); len(got) != len(foreign) || len(without(got, foreign)) > 0 {
			t.Errorf("beside %v the cloud has %v, want %v", after, got, foreign)
		}
		if n := count(s, c, http.MethodDelete, ""); n != 1 {
			t.Errorf("%d deletes were sent", n)
		}

		// Only one snapshot of the rotation is left: it stays.
		ref := source
		ref.ObjectID = after[0]
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		takeForeign(t, s, c, source, 1)
		s.Advance(day)
		r.Refresh(t).MustSucceed(t)
		s.ClearJournal()
		r.Apply(t, r.Plan(t, nightly)).MustFail(t, "A limit of the account", "before it deletes its only one")
		if n := count(s, c, http.MethodDelete, ""); n != 0 || len(owned(t, r)) != 1 {
			t.Errorf("%d deletes were sent, and the state has %v", n, owned(t, r))
		}
	})
}

// A rotation that keeps as many snapshots as there are slots needs delete_oldest_first. The oldest one goes first then,
// and the plan shows it.
func TestProtocol_slotsFullOfItsOwn(t *testing.T) {
	t.Parallel()
	eachLimited(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, source driver.Ref, slots int) {
		t.Helper()
		nightly := config(source, c, prototest.Values{"keep_last": slots, "delete_oldest_first": true})
		r := started(t, s, c, nightly)
		for night := 2; night <= slots+3; night++ {
			before := owned(t, r)
			s.ClearJournal()
			plan := run(t, r, nightly, prototest.Update)
			after := owned(t, r)
			if want := min(night, slots); len(after) != want || !slices.Equal(atCloud(s, c, source), after) {
				t.Fatalf("night %d: the state has %v, the cloud %v", night, after, atCloud(s, c, source))
			}
			if deleted := without(before, after); len(deleted) > 0 &&
				(slices.Contains(itemIDs(plan.Values["snapshots"]), deleted[0]) || night <= slots) {
				t.Errorf("night %d: %v was deleted, and the plan keeps %v", night, deleted, plan.Values["snapshots"])
			}
			s.Advance(day)
		}

		// Without it, the run fails before anything is deleted.
		nightly["delete_oldest_first"] = nil
		r.Refresh(t).MustSucceed(t)
		s.ClearJournal()
		r.Apply(t, r.Plan(t, nightly)).MustFail(t, "Set delete_oldest_first = true", "keep fewer snapshots")
		if n := count(s, c, http.MethodDelete, ""); n != 0 {
			t.Errorf("%d deletes were sent", n)
		}
	})
}

// Where a source has a single snapshot, the rotation overwrites its own, and no other one unless it is told to.
func TestProtocol_singleSlot(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, acctest.WhereLimits(driver.Limits.SingleSnapshot),
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			source, nightly := c.Sources[0], config(c.Sources[0], c, nil)
			replace := func() string {
				made, operation, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(),
					driver.SnapshotSpec{SourceID: source.SourceID, ReplaceExisting: true})
				if err == nil {
					made, err = s.Cloud(t, c.Name).WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
				}
				if err != nil {
					t.Fatal(err)
				}
				return made.ID
			}
			foreign := replace()
			r := prototest.Start(t, s, nil).Resource(t, rotationType)
			r.Plan(t, nightly).MustFail(t, "A snapshot exists already", "Set replace_existing = true")

			nightly["replace_existing"] = true
			plan := r.Plan(t, nightly)
			plan.MustWarn(t, "Snapshot will be overwritten", foreign)
			r.Apply(t, plan).MustSucceed(t)
			nightly["replace_existing"] = nil
			run(t, r, nightly, prototest.Update)
			run(t, r, nightly, prototest.NoOp)

			// Its own is overwritten without a word.
			s.Advance(day)
			before := owned(t, r)
			if plan = run(t, r, nightly, prototest.Update); len(plan.Diagnostics) > 0 {
				t.Errorf("the plan has %v", plan.Diagnostics)
			}
			if after := owned(t, r); len(after) != 1 || after[0] == before[0] {
				t.Errorf("the state has %v after %v", after, before)
			}

			// Another one took its place: the rotation drops its own, and refuses to overwrite that.
			foreign = replace()
			r.Refresh(t).MustWarn(t, "Snapshot is gone", foreign)
			r.Plan(t, nightly).MustFail(t, "A snapshot exists already")
			if got := atCloud(s, c, source); !slices.Equal(got, []string{foreign}) {
				t.Errorf("the cloud has %v, want %s", got, foreign)
			}

			// Between plan and apply too.
			nightly["replace_existing"] = true
			run(t, r, nightly, prototest.Update)
			nightly["replace_existing"] = nil
			run(t, r, nightly, prototest.Update)
			s.Advance(day)
			r.Refresh(t).MustSucceed(t)
			plan = r.Plan(t, nightly)
			foreign = replace()
			s.ClearJournal()
			r.Apply(t, plan).MustFail(t, "A snapshot exists already")
			if got := atCloud(s, c, source); !slices.Equal(got, []string{foreign}) || s.Mutations(c.Name) != 0 {
				t.Errorf("the cloud has %v, want %s", got, foreign)
			}
		})
}
