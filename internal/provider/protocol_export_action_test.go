package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const exportAction = "cloudsnap_export_snapshot"

// The messages have the checksum of the file and no URL. The ephemeral resource uses the export.
func TestProtocol_exportAction(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, config := prototest.Start(t, s, nil), exportConfig(t, s, c)
		messages, diags := p.InvokeAction(t, exportAction, config)
		diags.MustSucceed(t)
		id := c.FormatID(c.Limits.SnapshotID, seeded(t, s, c))
		accepted := slices.Contains(messages, c.Title+" has accepted the export of "+id)
		if messages[0] != "Exporting the snapshot "+id || !accepted {
			t.Errorf("the messages are %q", messages)
		}
		export, err := s.Cloud(t, c.Name).Export(t.Context(), seeded(t, s, c))
		if err != nil || !strings.Contains(messages[len(messages)-1], "with the MD5 "+export.MD5+".") {
			t.Errorf("the last message lacks %s: %q (%v)", export.MD5, messages, err)
		}
		noURL(t, messages, diags, export.URL)
		s.ClearJournal()
		got, diags := p.OpenEphemeral(t, exportType, config)
		diags.MustSucceed(t)
		if got["presigned_url"] != export.URL || s.Mutations(c.Name) != 0 {
			t.Errorf("%d changes were sent for %v", s.Mutations(c.Name), got["presigned_url"])
		}
		// A second run is a second export.
		_, diags = p.InvokeAction(t, exportAction, config)
		diags.MustSucceed(t)
		if n := s.Mutations(c.Name); n != 1 {
			t.Errorf("a second run sent %d changes, want one", n)
		}
	})
}

// noURL checks that no text has a part of a presigned URL.
func noURL(t *testing.T, messages []string, diags prototest.Diagnostics, url string) {
	t.Helper()
	texts := strings.Join(messages, "\n")
	for _, d := range diags {
		texts += d.Summary + d.Detail
	}
	_, signature, ok := strings.Cut(url, "Signature=")
	secret := strings.Contains(texts, signature) || strings.Contains(texts, "://") || strings.Contains(texts, "qcow2")
	if !ok || secret {
		t.Errorf("a text has the URL %s, or it has no signature: %s", url, texts)
	}
}

func TestProtocol_exportActionIsChecked(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		for name, test := range map[string]struct {
			change prototest.Values
			words  []string
		}{
			"form":    {prototest.Values{"snapshot_id": "snap 1"}, []string{"Invalid configuration", "snapshot_id"}},
			"cloud":   {prototest.Values{"cloud": "koyeb"}, []string{exportAction + " is not available at Koyeb"}},
			"timeout": {prototest.Values{"timeouts": prototest.Values{"invoke": "0s"}}, []string{"positive duration"}},
		} {
			config := exportConfig(t, s, c)
			for attribute, value := range test.change {
				config[attribute] = value
			}
			messages, diags := p.InvokeAction(t, exportAction, config)
			diags.MustFail(t, test.words...)
			if len(messages) > 0 || len(s.Requests(c.Name)) > 0 {
				t.Errorf("%s: %q, %d requests", name, messages, len(s.Requests(c.Name)))
			}
		}
		for attribute := range exportConfig(t, s, c) {
			config := exportConfig(t, s, c)
			config[attribute] = prototest.Unknown
			p.PlanAction(t, exportAction, config).MustSucceed(t)
		}
		// What only the cloud shows is an error of the run.
		config := exportConfig(t, s, c)
		config["snapshot_id"] = "c2000000-0000-4000-8000-00000000dead"
		messages, diags := p.InvokeAction(t, exportAction, config)
		diags.MustFail(t, "Unable to use snapshot", "Not found")
		last := messages[len(messages)-1]
		if !strings.HasPrefix(last, "Unable to use snapshot [") || s.Mutations(c.Name) > 0 {
			t.Errorf("the last message is %q", last)
		}
	})
}

// An interrupted or late export goes on at the cloud. The text names it, and how to use its file.
func TestProtocol_exportActionNamesWhatGoesOn(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]string{"The operation timed out": "30s", "The operation was interrupted": "2h"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
				t.Helper()
				p, config := prototest.Start(t, s, nil), exportConfig(t, s, c)
				config["timeouts"] = prototest.Values{"invoke": limit}
				i := p.BeginAction(t, exportAction, config)
				acctest.Eventually(t, "the cloud is polled", polling(s, c, false))
				if limit == "2h" {
					p.EndsOnStop(t, func() { i.Wait() })
				}
				messages, diags := i.Wait()
				diags.MustFail(t, "Unable to finish exporting snapshot", name, "accepted the export of "+c.Name+"/", "(operation ",
					"open the ephemeral resource cloudsnap_snapshot_export later")
				last := messages[len(messages)-1]
				if !strings.Contains(last, "accepted the export of ") || !strings.HasPrefix(messages[3], "Status: ") {
					t.Errorf("the messages are %q", messages)
				}
				s.Advance(3 * time.Hour)
				export, err := s.Cloud(t, c.Name).Export(t.Context(), seeded(t, s, c))
				if err != nil || s.Count(c.Name, http.MethodPost) != 1 {
					t.Errorf("%d exports were sent, %v", s.Count(c.Name, http.MethodPost), err)
				}
				noURL(t, messages, diags, export.URL)
			}, sandboxtest.WithLatency(time.Hour))
		})
	}
}

func TestProtocol_exportActionFails(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotExport, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p, config := prototest.Start(t, s, nil), exportConfig(t, s, c)
		s.Fault(sandbox.Fault{
			Method: http.MethodGet, Path: "/operation/", Do: sandbox.DoStatus, Status: http.StatusOK,
			Body: map[string]any{"state": "failure", "reason": "fault", "message": "the storage is out of space"},
		})
		_, diags := p.InvokeAction(t, exportAction, config)
		diags.MustFail(t, "Unable to finish exporting snapshot", "the storage is out of space", "The snapshot is unchanged")
		// A lost answer is an error: an export is not sent twice.
		s.Fault(sandbox.Fault{Method: http.MethodPost, Do: sandbox.DoLose, To: 1})
		s.ClearJournal()
		_, diags = p.InvokeAction(t, exportAction, config)
		diags.MustFail(t, "Unable to export snapshot")
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d exports were sent, want one", n)
		}
	})
}
