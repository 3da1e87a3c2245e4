package acctest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// takeOutside takes a snapshot behind Terraform's back, over the one that a single slot holds.
func takeOutside(t *testing.T, s *acctest.Sandbox, name, source string) {
	t.Helper()
	cl := s.Cloud(t, name)
	made, operation, err := cl.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: source, ReplaceExisting: true})
	if err == nil {
		_, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A refusal stops a destroy too, because Terraform plans in the normal mode first. Each names the way out, which works.
func TestTFDestroy_refusalsNameTheWayOut(t *testing.T) {
	const hint = `run "terraform destroy -refresh=false"`
	stays := contaboSnapshot("kept", "42001", "to be destroyed")
	tests := map[string]struct {
		first, then string
		prepare     func(t *testing.T, s *acctest.Sandbox, cli *acctest.CLI)
		say         string
	}{
		"the slot of a managed snapshot is taken by another": {
			first: hostingerSnapshot(emptyVM),
			prepare: func(t *testing.T, s *acctest.Sandbox, _ *acctest.CLI) {
				t.Helper()
				takeOutside(t, s, "hostinger", emptyVM)
			},
			say: "A snapshot exists already",
		},
		"a new block for an occupied slot": {
			first: stays, then: stays + hostingerSnapshot(occupiedVM), say: "A snapshot exists already",
		},
		"a cloud that is not configured": {
			first: stays, then: stays + "resource \"cloudsnap_snapshot\" \"k\" {\n  cloud = \"koyeb\"\n  source_id = \"v\"\n}\n",
			prepare: func(t *testing.T, _ *acctest.Sandbox, cli *acctest.CLI) { t.Helper(); cli.Setenv("KOYEB_TOKEN=") },
			say:     "Koyeb is not configured",
		},
		"a missing zone": {
			first: stays,
			then: stays + "resource \"cloudsnap_snapshot_template\" \"x\" {\n  cloud = \"exoscale\"\n  name = \"x\"\n" +
				"  snapshot_id = \"5f3c2b1a-0d4e-4c6f-8a9b-1c2d3e4f5a6b\"\n}\n",
			prepare: func(t *testing.T, _ *acctest.Sandbox, cli *acctest.CLI) { t.Helper(); cli.Setenv("EXOSCALE_ZONE=") },
			say:     "no zone is set",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, cli := start(t, test.first)
			cli.Apply(t).MustSucceed(t)
			if test.then != "" {
				cli.Write(t, acctest.ProviderConfig+test.then)
			}
			if test.prepare != nil {
				test.prepare(t, s, cli)
			}
			cli.Destroy(t).MustFail(t).MustSay(t, test.say, hint)
			cli.Destroy(t, "-refresh=false").MustSucceed(t).MustSay(t, "1 destroyed")
		})
	}
}

// What deletion_policy keeps is named with its import ID, whichever way it leaves the state.
func TestTFRetain_isNamedInThePlan(t *testing.T) {
	retain := `deletion_policy = "retain"`
	for name, config := range map[string]func(name string) string{
		"snapshot": func(string) string { return contaboSnapshot("a", "42001", "kept", retain) },
		"image": func(string) string {
			return "resource \"cloudsnap_custom_image\" \"a\" {\n  cloud = \"contabo\"\n  name = \"kept\"\n  os_type = " +
				"\"Linux\"\n  version = \"12\"\n  url = \"https://images.example.net/a.qcow2\"\n  " + retain + "\n}\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, cli := start(t, config(name))
			cli.Apply(t).MustSucceed(t)
			id, _ := cli.Attribute(t, "a", "id").(string)
			stays := fmt.Sprintf("The %s %s has deletion_policy = \"retain\" in the state", name, id)
			was := fmt.Sprintf("Terraform has only removed the %s %s", name, id)
			cli.Run(t, "plan", "-destroy").
				MustSucceed(t).
				MustSay(t, stays, "import it by this ID", `apply deletion_policy = "delete" first`)
			// The plan of a replacement that Terraform alone decides on looks like two others to the provider.
			cli.Apply(t, "-replace=cloudsnap_"+map[string]string{"snapshot": "snapshot", "image": "custom_image"}[name]+".a").
				MustSucceed(t).MustSay(t, was)
			id, _ = cli.Attribute(t, "a", "id").(string)
			cli.Destroy(t).MustSucceed(t).MustSay(t, fmt.Sprintf("Terraform has only removed the %s %s", name, id))
			if n := s.Count("contabo", http.MethodDelete); n != 0 {
				t.Errorf("%d deletes were sent", n)
			}
		})
	}
}

func TestTFRetain_isNamedWhenReplaced(t *testing.T) {
	_, cli := start(t, contaboSnapshot("a", "42011", "kept", `deletion_policy = "retain"`))
	cli.Apply(t).MustSucceed(t)
	id, _ := cli.Attribute(t, "a", "id").(string)
	cli.Write(t, acctest.ProviderConfig+contaboSnapshot("a", "42012", "kept", `deletion_policy = "retain"`))
	cli.Run(t, "plan").
		MustSucceed(t).
		MustSay(t, "1 to add, 0 to change, 1 to destroy", "Snapshot stays at the cloud", "The snapshot "+id+" has")
}

// A replacement at a single slot would overwrite what deletion_policy keeps, so the plan refuses it.
func TestTFRetain_isNotOverwritten(t *testing.T) {
	retain := `deletion_policy = "retain"`
	s, cli := start(t, hostingerSnapshot(emptyVM, retain))
	cli.Apply(t).MustSucceed(t)
	before := s.SnapshotIDs("hostinger")
	for _, config := range []string{
		hostingerSnapshot(emptyVM, retain), hostingerSnapshot(emptyVM, retain, "replace_existing = true"),
	} {
		cli.Write(t, acctest.ProviderConfig+config)
		cli.Apply(t, "-replace=cloudsnap_snapshot.a").MustFail(t).
			MustSay(t, "although deletion_policy = \"retain\" keeps it", "Apply deletion_policy = \"delete\" first")
		if after := s.SnapshotIDs("hostinger"); !slices.Equal(before, after) || cli.Attribute(t, "a", "id") == nil {
			t.Errorf("there were %v, and there are %v", before, after)
		}
	}
}

// A plan says why something is to be made again, and what the new one will hold.
func TestTFGone_isExplained(t *testing.T) {
	t.Run("expired", func(t *testing.T) {
		s, cli := start(t, contaboSnapshot("a", "42001", "short lived"))
		cli.Apply(t).MustSucceed(t)
		id, _ := cli.Attribute(t, "a", "id").(string)
		expires, _ := cli.Attribute(t, "a", "expires_at").(string)
		s.Advance(800 * time.Hour)
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "1 to add", "Snapshot is gone", "The snapshot "+id+" does not exist "+
			"at Contabo any more",
			"It expired at "+expires+", and the cloud deleted it", "A new snapshot will contain the source's data of the time "+
				"when it is taken")
		cli.Destroy(t).MustSucceed(t).MustNotSay(t, "is gone")
	})
	t.Run("replaced by another", func(t *testing.T) {
		s, cli := start(t, hostingerSnapshot(emptyVM, "replace_existing = true"))
		cli.Apply(t).MustSucceed(t)
		takeOutside(t, s, "hostinger", emptyVM)
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Snapshot is gone", "Reason: the snapshot 326 of VM 17923 was "+
			"replaced by the snapshot 327",
			"A new snapshot will contain the source's data of the time when it is taken")
	})
	t.Run("never there", func(t *testing.T) {
		_, cli := start(t, contaboSnapshot("a", "42001", "x"))
		cli.Run(t, "import", "cloudsnap_snapshot.a", "contabo/42001/snap999").MustFail(t).
			MustSay(t, "Cannot import non-existent remote object").MustNotSay(t, "is gone")
	})
}

// What a cloud sends cannot act on the terminal.
func TestTFText_controlCharactersAreShown(t *testing.T) {
	const bad = "no\x1b[31m red\x1b]0;pwned\a\rover\u202ewritten\u009b"
	s, cli := start(t, contaboSnapshot("a", "42001", "plain"))
	s.Fault(
		sandbox.Fault{Method: http.MethodPost, Path: "/snapshots$", Do: sandbox.DoStatus, Status: 400, Body: map[string]any{
			"statusCode": 400, "message": bad + strings.Repeat("x", 1<<16),
		}},
	)
	out := cli.Apply(t).MustFail(t).MustSay(t, `no\x1b[31m red\x1b]0;pwned\a\rover\u202ewritten\u009b`, "…").Output
	if strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
		t.Errorf("the terminal gets %q", out)
	}
	if len(out) > 8<<10 {
		t.Errorf("the output has %d bytes", len(out))
	}
}

// A plan names the snapshot that replace_existing allows to overwrite.
func TestTFOverwrite_isNamedInThePlan(t *testing.T) {
	s, cli := start(t, hostingerSnapshot(occupiedVM, "replace_existing = true"))
	old := s.SnapshotIDs("hostinger")[0]
	s.ClearJournal()
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Snapshot will be overwritten", "Hostinger keeps one snapshot per VM",
		"overwrites the snapshot "+old+" of "+occupiedVM+", which was taken at",
		"about 3 days ago: replace_existing = true permits it")
	if n := len(s.Requests("hostinger")); n > 2 {
		t.Errorf("the plan sent %d requests", n)
	}
	// Its own snapshot is in the plan anyway.
	cli.Apply(t).MustSucceed(t)
	cli.Run(t, "plan", "-replace=cloudsnap_snapshot.a").MustSucceed(t).MustNotSay(t, "will be overwritten")
}

// Where there is room for one snapshot, create_before_destroy is named as the cause.
func TestTFCreateBeforeDestroy_isNamedAsTheCause(t *testing.T) {
	const lifecycle = "lifecycle { create_before_destroy = true }"
	for name, config := range map[string]string{
		"hostinger": hostingerSnapshot(emptyVM, lifecycle), "contabo": contaboSnapshot("a", "42002", "only one", lifecycle),
	} {
		t.Run(name, func(t *testing.T) {
			_, cli := start(t, config)
			cli.Apply(t).MustSucceed(t)
			cli.Apply(t, "-replace=cloudsnap_snapshot.a").MustFail(t).MustSay(t, "create_before_destroy is the cause")
		})
	}
}

// Two resources for one slot: the second one is told that Terraform manages the first.
func TestTFSlot_managedByAnotherResource(t *testing.T) {
	_, cli := start(t, hostingerSnapshot(emptyVM)+strings.Replace(hostingerSnapshot(emptyVM), `"a"`, `"b"`, 1))
	cli.Apply(t).MustFail(t).MustSay(t, "Terraform manages this snapshot itself", "If two resources have this "+
		"source_id, remove one of them")
}
