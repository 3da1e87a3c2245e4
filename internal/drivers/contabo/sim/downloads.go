package sim

import (
	"net/url"
	"strings"
	"time"
)

// The states of an image, as in the official provider. An instance can have the last one, too.
const (
	pending     = "pending"
	downloading = "downloading"
	downloaded  = "downloaded"
	failed      = "error"
)

// finishDownloads ends the downloads that are due. They stay ended even if the clock is put back.
func (s *Simulator) finishDownloads() {
	for n := range s.State.Images {
		i := &s.State.Images[n]
		if !i.Over && s.Due(i.Created) {
			i.Over = true
			i.Modified = i.Created.Add(s.Latency)
		}
	}
}

// host is the host of the URL of an image. It controls the result of the download.
func (i image) host() string {
	u, err := url.Parse(i.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (i image) broken() bool {
	return strings.HasPrefix(i.host(), "broken.") || strings.HasPrefix(i.host(), "broken-mixed-case.")
}

func (i image) mixedCase() bool {
	return strings.HasPrefix(i.host(), "mixed-case.") || strings.HasPrefix(i.host(), "broken-mixed-case.")
}

// progress returns the status of the download, and how many megabytes have arrived.
func (s *Simulator) progress(i image) (status string, arrived int64) {
	passed, half := s.Now().Sub(i.Created), s.Latency/2
	switch {
	case i.Over && i.broken():
		return failed, 0
	case i.Over:
		return downloaded, i.SizeMB
	case passed < half:
		return pending, 0
	default:
		rest := s.Latency - half
		part := min(max(passed-half, 0), rest) / time.Microsecond
		return downloading, i.SizeMB * int64(part) / max(int64(rest/time.Microsecond), 1)
	}
}

// portableState returns the state of an image in the provider's words.
func (s *Simulator) portableState(i image) string {
	switch status, _ := s.progress(i); status {
	case downloaded:
		return "ready"
	case failed:
		return "error"
	default:
		return "creating"
	}
}

// imageRecord returns all members of ImageResponse. The size is 0 until the download is over.
func (s *Simulator) imageRecord(i image) record {
	status, arrived := s.progress(i)
	var size int64
	var message string
	switch status {
	case downloaded:
		size = i.SizeMB
	case failed:
		message = "Error downloading image from provided URL"
	}
	if i.mixedCase() {
		status = strings.ToUpper(status[:1]) + status[1:]
	}
	return record{
		"imageId":          i.ID,
		"tenantId":         tenantID,
		"customerId":       customerID,
		"name":             i.Name,
		"description":      i.Description,
		"url":              i.URL,
		"sizeMb":           size,
		"uploadedSizeMb":   arrived,
		"osType":           i.OSType,
		"version":          i.Version,
		"format":           i.Format,
		"status":           status,
		"errorMessage":     message,
		"standardImage":    i.Standard,
		"creationDate":     stamp(i.Created),
		"lastModifiedDate": stamp(i.Modified),
	}
}
