package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const createAction = "cloudsnap_create_snapshot"

// takes is the condition that a cloud takes time for a snapshot.
func takes(t *testing.T) func(driver.Driver) bool {
	t.Helper()
	return func(d driver.Driver) bool { return drivertest.Waits(t, sandboxtest.Harness(d)) }
}

// actionConfig is a configuration of the action with what every cloud requires.
func actionConfig(c acctest.Case, more prototest.Values) prototest.Values {
	more["source_id"] = c.Sources[0].SourceID
	return addressed(c, more)
}

// imported is the import ID at the end of a message.
func imported(t *testing.T, messages []string) string {
	t.Helper()
	last := strings.Join(messages[max(0, len(messages)-1):], "")
	_, id, ok := strings.Cut(last, "terraform import cloudsnap_snapshot.NAME ")
	if !ok || strings.Contains(id, " ") {
		t.Fatalf("the last message does not end with an import ID: %q", messages)
	}
	return id
}

// The action takes a snapshot with one request. Its last message has the ID that imports the snapshot. A second run
// takes another snapshot, or fails where it would overwrite the first.
func TestProtocol_createAction(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, before := prototest.Start(t, s, nil), s.SnapshotIDs(c.Name)
		config := actionConfig(c, prototest.Values{})
		if c.Limits.SingleSnapshot() {
			config[driver.ReplaceExisting] = true
		}
		messages, diags := p.InvokeAction(t, createAction, config)
		diags.MustSucceed(t)
		if !strings.HasPrefix(messages[0], "Creating a snapshot of "+c.Limits.SourceKind+" "+c.Sources[0].SourceID) ||
			!strings.HasPrefix(messages[1], c.Title+" has accepted ") || len(messages) < 3 {
			t.Errorf("the messages are %q", messages)
		}
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
		r := p.Resource(t, snapshotType)
		r.Import(t, imported(t, messages), nil).MustSucceed(t)
		got, _ := r.Values(t)["snapshot_id"].(string)
		after := s.SnapshotIDs(c.Name)
		if slices.Contains(before, got) || !slices.Contains(after, got) || r.Values(t)["state"] == "creating" {
			t.Errorf("%v became %v, and the action took %v", before, after, r.Values(t))
		}
		name, _ := r.Values(t)["name"].(string)
		if row := c.Limits.Snapshot["name"]; row.Settable() && (name == "" || !row.Match(name)) {
			t.Errorf("the default name is %q", name)
		}

		s.ClearJournal()
		messages, diags = p.InvokeAction(t, createAction, config)
		if c.Limits.SingleSnapshot() {
			diags.MustFail(t, "although an action of this run took it", "List the action in one trigger only")
			if n := s.Mutations(c.Name); n != 0 || !slices.Contains(s.SnapshotIDs(c.Name), got) {
				t.Errorf("%d changes were sent, and there are %v", n, s.SnapshotIDs(c.Name))
			}
			return
		}
		diags.MustSucceed(t)
		if imported(t, messages) == r.Values(t)["id"] || len(s.SnapshotIDs(c.Name)) != len(before)+2 {
			t.Errorf("a second run took %q", messages)
		}
	})
}

// What a configuration sets reaches the cloud.
func TestProtocol_createActionSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	named := acctest.WhereLimits(func(l driver.Limits) bool { return l.Snapshot["name"].Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, named, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, config := prototest.Start(t, s, nil), actionConfig(c, prototest.Values{"name": "before-upgrade"})
		described := c.Limits.Snapshot["description"].Settable()
		if described {
			config["description"] = "before the upgrade"
		}
		if c.Limits.MovesToRemote() {
			config[driver.WaitForRemote] = true
		}
		messages, diags := p.InvokeAction(t, createAction, config)
		diags.MustSucceed(t)
		r := p.Resource(t, snapshotType)
		r.Import(t, imported(t, messages), nil).MustSucceed(t)
		got := r.Values(t)
		if got["name"] != config["name"] || got["description"] != config["description"] ||
			(c.Limits.MovesToRemote() && got["storage_type"] != driver.StorageRemote) {
			t.Errorf("took %v", got)
		}
	})
}

// What the cloud does not accept is refused before anything is sent, and what is known only at apply passes.
func TestProtocol_createActionIsChecked(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		refused := func(change prototest.Values, words ...string) {
			t.Helper()
			config := actionConfig(c, prototest.Values{})
			for name, value := range change {
				config[name] = value
			}
			s.ClearJournal()
			messages, diags := p.InvokeAction(t, createAction, config)
			diags.MustFail(t, words...)
			if n := s.Mutations(c.Name); n != 0 || len(messages) > 0 {
				t.Errorf("%v: %d changes were sent, with %q", change, n, messages)
			}
		}
		for _, name := range []string{"name", "description", driver.ReplaceExisting, driver.WaitForRemote} {
			var value any = "a name"
			if name == driver.ReplaceExisting || name == driver.WaitForRemote {
				value = true
			}
			if !c.Limits.Snapshot[name].Settable() {
				refused(prototest.Values{name: value}, "Invalid configuration", "Remove "+name)
			}
		}
		if row := c.Limits.Snapshot["name"]; row.Settable() && row.Max > 0 {
			refused(prototest.Values{"name": strings.Repeat("x", row.Max+1)}, "1 too many")
		}
		if !c.Limits.Location.Settable() {
			refused(prototest.Values{"location": "elsewhere"}, "Invalid configuration", "Remove location")
		}
		refused(prototest.Values{"cloud": "nowhere"}, "Unknown cloud", createAction+" works at: ")
		refused(prototest.Values{"timeouts": prototest.Values{"invoke": "-1s"}}, "positive duration")
		refused(prototest.Values{"source_id": absentSource(s, c)}, "HTTP status: 404")
		s.ClearJournal()
		for _, name := range []string{"cloud", "location", "source_id", "name", "description"} {
			if name == "cloud" || name == "source_id" || (name == "location" && c.Limits.Location.Settable()) ||
				c.Limits.Snapshot[name].Settable() {
				config := actionConfig(c, prototest.Values{})
				config[name] = prototest.Unknown
				p.PlanAction(t, createAction, config).MustSucceed(t)
			}
		}
	})
}

// absentSource is a source that does not exist, in the form of those that do.
func absentSource(s *acctest.Sandbox, c acctest.Case) string {
	id := []byte(c.Sources[0].SourceID)
	exists := func(x simkit.Source) bool { return x.SourceID == string(id) }
	for slices.ContainsFunc(s.Inventory()[c.Name].Sources, exists) {
		last := &id[len(id)-1]
		*last = '0' + (*last-'0'+1)%10
	}
	return string(id)
}

// A cloud with zones needs one: the action's, else the provider's.
func TestProtocol_createActionUsesTheDefaultZone(t *testing.T) {
	t.Parallel()
	zones := acctest.WhereLimits(func(l driver.Limits) bool { return l.Location.Settable() && l.LocationField != "" })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, zones, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		block := prototest.Values{}
		for _, f := range c.Fields {
			block[f.Name] = nil
		}
		block[c.Limits.LocationField] = c.Sources[0].Location
		config := prototest.Values{"cloud": c.Name, "source_id": c.Sources[0].SourceID}
		messages, diags := prototest.Start(t, s, prototest.Values{c.Name: block}).InvokeAction(t, createAction, config)
		diags.MustSucceed(t)
		if id := imported(t, messages); !strings.Contains(id, "/"+c.Sources[0].Location+"/") {
			t.Errorf("took %s", id)
		}
	})
}

// Each status of the cloud is a message, once.
func TestProtocol_createActionReportsTheStatus(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(
		t, driver.CapabilitySnapshot, takes(t),
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			p := prototest.Start(t, s, nil)
			i := p.BeginAction(t, createAction, actionConfig(c, prototest.Values{}))
			acctest.Eventually(t, "the cloud is polled", polling(s, c, false))
			acctest.Eventually(t, "a status is sent", func() bool { return len(i.Messages()) > 2 })
			s.Advance(3 * time.Hour)
			messages, diags := i.Wait()
			diags.MustSucceed(t)
			seen := map[string]bool{}
			for _, message := range messages {
				word, isStatus := strings.CutPrefix(message, "Status: ")
				if isStatus && seen[word] {
					t.Errorf("a status comes twice: %q", messages)
				}
				seen[word] = isStatus
			}
			if !strings.HasPrefix(messages[2], "Status: ") {
				t.Errorf("the messages are %q", messages)
			}
		},
		sandboxtest.WithLatency(time.Hour),
	)
}

// Whatever ends the wait, the snapshot exists at the cloud, and nothing but the error and the last message names it.
func TestProtocol_createActionNamesWhatItLeaves(t *testing.T) {
	t.Parallel()
	ends := map[string]struct {
		limit string
		words []string
	}{
		"timeout":   {limit: "30s", words: []string{"The operation timed out", "Unable to finish creating snapshot"}},
		"interrupt": {limit: "2h", words: []string{"The operation was interrupted", "Unable to finish creating snapshot"}},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloudWhere(
				t, driver.CapabilitySnapshot, takes(t),
				func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
					t.Helper()
					p, before := prototest.Start(t, s, nil), len(s.SnapshotIDs(c.Name))
					config := actionConfig(c, prototest.Values{"timeouts": prototest.Values{"invoke": end.limit}})
					var messages []string
					var diags prototest.Diagnostics
					if name == "timeout" {
						messages, diags = p.InvokeAction(t, createAction, config)
					} else {
						messages, diags = p.InterruptAction(t, createAction, config, polling(s, c, false))
					}
					words := append([]string{"The cloud accepted ", "running the action again takes another one"}, end.words...)
					diags.MustFail(t, words...)
					last := messages[len(messages)-1]
					if !strings.HasPrefix(last, "Unable to finish creating snapshot [") {
						t.Errorf("the last message is %q", last)
					}
					hasID := strings.Contains(last, "terraform import cloudsnap_snapshot.NAME "+c.Name+"/")
					if hasID == strings.Contains(last, "(operation ") {
						t.Errorf("the last message names neither the import ID nor the operation, or both: %q", last)
					}
					s.Advance(3 * time.Hour)
					if after := len(s.SnapshotIDs(c.Name)); after != before+1 || s.Count(c.Name, http.MethodPost) != 1 {
						t.Errorf("%d snapshots became %d", before, after)
					}
				},
				sandboxtest.WithLatency(time.Hour),
			)
		})
	}
}

// A snapshot that the cloud gives up is an error that names it.
func TestProtocol_createActionFails(t *testing.T) {
	t.Parallel()
	const file = "failed_snapshot.json"
	fails := func(d driver.Driver) bool { return drivertest.HasTestdata(t, d, file) }
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, fails, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		var failed struct {
			Path string `json:"path"`
			Body any    `json:"body"`
		}
		drivertest.ReadTestdata(t, c.Driver, file, &failed)
		p, before := prototest.Start(t, s, nil), s.SnapshotIDs(c.Name)
		i := p.BeginAction(t, createAction, actionConfig(c, prototest.Values{}))
		acctest.Eventually(t, "the cloud is polled", polling(s, c, false))
		made := slices.DeleteFunc(s.SnapshotIDs(c.Name), func(id string) bool { return slices.Contains(before, id) })
		fill := strings.NewReplacer("{id}", made[0], "{source}", c.Sources[0].SourceID)
		s.Fault(sandbox.Fault{
			Method: http.MethodGet, Path: fill.Replace(failed.Path), Do: sandbox.DoStatus, Status: http.StatusOK,
			Body: fillIn(failed.Body, fill),
		})
		s.Advance(3 * time.Hour)
		messages, diags := i.Wait()
		diags.MustFail(t, "Unable to finish creating snapshot", "the snapshot is in the state error",
			"delete what exists of it at the cloud", made[0])
		if last := messages[len(messages)-1]; !strings.Contains(last, made[0]) {
			t.Errorf("the last message is %q", last)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// fillIn replaces the texts in a JSON value.
func fillIn(v any, fill *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return fill.Replace(v)
	case map[string]any:
		for name, one := range v {
			v[name] = fillIn(one, fill)
		}
	case []any:
		for i, one := range v {
			v[i] = fillIn(one, fill)
		}
	}
	return v
}

// A lost answer is looked for: the one snapshot that the create made is adopted, with a warning, and nothing is sent
// again.
func TestProtocol_createActionFindsTheLostAnswer(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, before := prototest.Start(t, s, nil), len(s.SnapshotIDs(c.Name))
		s.Fault(sandbox.Fault{Method: http.MethodPost, Path: "snapshot", To: 1, Do: sandbox.DoLose})
		messages, diags := p.InvokeAction(t, createAction, actionConfig(c, prototest.Values{}))
		diags.MustWarn(t, "Adopted after a lost answer")
		imported(t, messages)
		if after := len(s.SnapshotIDs(c.Name)); after != before+1 || s.Count(c.Name, http.MethodPost) != 1 {
			t.Errorf("%d snapshots became %d after %d creates", before, after, s.Count(c.Name, http.MethodPost))
		}
	})
}

// A snapshot that nobody manages is overwritten only if the action may, and the plan warns of it.
func TestProtocol_createActionOverwritesOnlyWhenTold(t *testing.T) {
	t.Parallel()
	single := acctest.WhereLimits(driver.Limits.SingleSnapshot)
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, single, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		managed := p.Resource(t, snapshotType)
		managed.Apply(t, managed.Plan(t, snapshotConfig(t, s, c))).MustSucceed(t)
		s.ClearJournal()
		_, diags := p.InvokeAction(t, createAction, actionConfig(c, prototest.Values{}))
		diags.MustFail(t, "A snapshot exists already", "Set replace_existing = true", `run "terraform apply -replace" on it`)
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
		old, _ := managed.Values(t)["snapshot_id"].(string)
		_, diags = p.InvokeAction(t, createAction, actionConfig(c, prototest.Values{driver.ReplaceExisting: true}))
		diags.MustWarn(t, "Snapshot will be overwritten")
		managed.Refresh(t).MustWarn(t, "Snapshot is gone")
		if slices.Contains(s.SnapshotIDs(c.Name), old) {
			t.Errorf("there are still %v", s.SnapshotIDs(c.Name))
		}
	})
}

// The action waits for other work on the source, and says so. The wait counts against the timeout.
func TestProtocol_createActionQueues(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(
		t, driver.CapabilitySnapshot, takes(t),
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			if c.Limits.SingleSnapshot() {
				return
			}
			p := prototest.Start(t, s, nil)
			first := p.BeginAction(t, createAction, actionConfig(c, prototest.Values{}))
			acctest.Eventually(t, "the first is at work", polling(s, c, false))
			limited := actionConfig(c, prototest.Values{"timeouts": prototest.Values{"invoke": "5s"}})
			messages, diags := p.InvokeAction(t, createAction, limited)
			diags.MustFail(t, "Unable to wait for other work on the same "+c.Limits.SourceKind, "The operation timed out")
			if !strings.HasPrefix(messages[1], "Status: waiting for other work on the same "+c.Limits.SourceKind) {
				t.Errorf("the messages are %q", messages)
			}
			s.Advance(3 * time.Hour)
			_, diags = first.Wait()
			diags.MustSucceed(t)
			if n := s.Count(c.Name, http.MethodPost); n != 1 {
				t.Errorf("%d creates were sent, want one", n)
			}
		},
		sandboxtest.WithLatency(time.Hour),
	)
}

// A source without a free slot is an error, at plan time where the cloud reports its slots. An action replaces nothing,
// so it does not matter whether a resource of the same run has the snapshot that fills the slot.
func TestProtocol_createActionNeedsRoom(t *testing.T) {
	t.Parallel()
	var limited atomic.Int32
	t.Run("clouds", func(t *testing.T) {
		acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			for _, source := range s.Inventory()[c.Name].Sources {
				room := source.Slots
				for _, snap := range s.Inventory()[c.Name].Snapshots {
					if snap.SourceID == source.SourceID {
						room--
					}
				}
				if source.Slots < 1 || c.Limits.SingleSnapshot() {
					continue
				}
				limited.Add(1)
				p, managed := prototest.Start(t, s, nil), snapshotConfig(t, s, c)
				managed["source_id"] = source.SourceID
				for range room {
					r := p.Resource(t, snapshotType)
					r.Apply(t, r.Plan(t, managed)).MustSucceed(t)
				}
				before := len(s.SnapshotIDs(c.Name))
				config := actionConfig(c, prototest.Values{})
				config["source_id"] = source.SourceID
				_, diags := p.InvokeAction(t, createAction, config)
				words := []string{"A limit of the account or the product has been reached"}
				if c.Limits.UnreportedSlots {
					words = append(words, "Existing snapshots, oldest first", "Delete one of these snapshots first")
				}
				diags.MustFail(t, words...)
				if after := len(s.SnapshotIDs(c.Name)); after != before {
					t.Errorf("%d snapshots became %d", before, after)
				}
			}
		})
	})
	if limited.Load() == 0 {
		t.Error("no cloud has a source with a limit")
	}
}

// No message and no error of an action has a credential, not even one that the cloud refuses.
func TestProtocol_createActionShowsNoSecret(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		valid, refused := prototest.Values{}, prototest.Values{}
		for _, f := range c.Fields {
			valid[f.Name], refused[f.Name] = nil, nil
			for _, name := range f.Env {
				if v := s.Getenv(name); v != "" && f.Sensitive {
					valid[f.Name], refused[f.Name] = v, v+"-WRONG"
				}
			}
		}
		for name, block := range map[string]prototest.Values{"valid": valid, "refused": refused} {
			p, config := prototest.Start(t, s, prototest.Values{c.Name: block}), actionConfig(c, prototest.Values{})
			messages, diags := p.InvokeAction(t, createAction, config)
			if diags.HasError() != (name == "refused") {
				t.Fatalf("the credentials are %s: %+v", name, diags)
			}
			texts := strings.Join(messages, "\n")
			for _, d := range diags {
				texts += d.Summary + d.Detail
			}
			for field, secret := range block {
				if text, ok := secret.(string); ok && strings.Contains(texts, text) {
					t.Errorf("the value of %s appears in %s", field, texts)
				}
			}
		}
	})
}
